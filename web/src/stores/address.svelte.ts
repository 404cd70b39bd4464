/** The page's address as state. */
import { addressFrom, hashOf, type Address } from '../state/address';

class AddressBar {
  current = $state.raw<Address>(addressFrom(location.hash));

  constructor() {
    addEventListener('hashchange', () => {
      this.current = addressFrom(location.hash);
    });
  }

  choice(name: string): string | null {
    return this.current.choices.get(name);
  }

  /** Set a choice of the present page (null removes it); the page stays, and so does the way back. */
  choose(name: string, value: string | null): void {
    const choices = new URLSearchParams(this.current.choices);
    if (value === null || value === '') choices.delete(name);
    else choices.set(name, value);
    this.current = { ...this.current, choices };
    history.replaceState(history.state, '', hashOf(this.current.place, choices));
  }

  clearChoices(names: readonly string[]): void {
    for (const name of names) this.choose(name, null);
  }
}

export const address = new AddressBar();
