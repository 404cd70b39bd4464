/** The language the reader sees. */
import type { Words } from '../i18n/en';
import { firstLanguage, WORDS, type Language } from '../i18n/languages';
import { remember, remembered } from './memory';

class Locale {
  language = $state<Language>(firstLanguage(remembered('language'), navigator.languages));

  get words(): Words {
    return WORDS[this.language];
  }

  choose(language: Language): void {
    this.language = language;
    remember('language', language);
  }
}

export const locale = new Locale();
