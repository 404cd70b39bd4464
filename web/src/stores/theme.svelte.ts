/** Light or dark: as the system has it, unless the reader says otherwise. */
import { remember, remembered } from './memory';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

class ThemeChoice {
  current = $state<Theme>(THEMES.find((theme) => theme === remembered('theme')) ?? 'auto');

  choose(theme: Theme): void {
    this.current = theme;
    remember('theme', theme === 'auto' ? null : theme);
  }
}

export const theme = new ThemeChoice();
