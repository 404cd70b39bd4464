/** The few choices a browser remembers. Where storage is forbidden, nothing is remembered. */

type Choice = 'language' | 'theme' | 'signed_in';

export function remembered(choice: Choice): string | null {
  try {
    return localStorage.getItem(`jcode_watcher.${choice}`);
  } catch {
    return null;
  }
}

export function remember(choice: Choice, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`jcode_watcher.${choice}`);
    else localStorage.setItem(`jcode_watcher.${choice}`, value);
  } catch {
    // Private windows may refuse: the choice then lasts as long as the page.
  }
}
