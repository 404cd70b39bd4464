import { expect, test } from 'vitest';
import { en } from './en';
import { ko } from './ko';
import { firstLanguage } from './languages';

/** Every word of a dictionary by its path; words that take a value are called with samples. */
function wordsOf(dictionary: object, path = ''): [string, string][] {
  return Object.entries(dictionary).flatMap(([name, word]: [string, unknown]) => {
    const here = `${path}.${name}`;
    if (typeof word === 'function') return [[here, String(word('1', '2', '3'))]];
    return typeof word === 'object' && word !== null ? wordsOf(word, here) : [[here, String(word)]];
  });
}

test('both languages have the same words, and none is empty', () => {
  const [english, korean] = [wordsOf(en), wordsOf(ko)];
  expect(korean.map(([path]) => path)).toEqual(english.map(([path]) => path));
  expect([...english, ...korean].filter(([, word]) => word.trim() === '')).toEqual([]);
});

test('a Korean word is Korean, but for names that are the same everywhere', () => {
  const same = wordsOf(ko).filter(([, word]) => !/[가-힣]/.test(word));
  expect(same.map(([path]) => path)).toEqual(['.product', '.counts.oom_kills']);
});

test('the reader’s choice comes first, then the browser’s languages, then English', () => {
  expect(firstLanguage('en', ['ko-KR'])).toBe('en');
  expect(firstLanguage(null, ['fr', 'ko-KR', 'en'])).toBe('ko');
  expect(firstLanguage('tlh', [])).toBe('en');
});
