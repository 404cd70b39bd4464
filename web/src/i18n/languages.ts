/** The languages of the pages, and which one a reader gets first. */
import { en, type Words } from './en';
import { ko } from './ko';

export const LANGUAGES = ['en', 'ko'] as const;
export type Language = (typeof LANGUAGES)[number];

export const WORDS: Record<Language, Words> = { en, ko };

/** Each language in its own words. */
export const NAMES: Record<Language, string> = { en: 'English', ko: '한국어' };

/** What the reader chose before, else the first of the browser's languages that we speak, else English. */
export function firstLanguage(chosen: string | null, preferred: readonly string[]): Language {
  const wanted = [chosen, ...preferred].map((tag) => tag?.slice(0, 2).toLowerCase());
  return wanted.flatMap((tag) => LANGUAGES.filter((language) => language === tag))[0] ?? 'en';
}
