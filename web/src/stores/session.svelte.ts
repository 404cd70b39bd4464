/** Whether the reader is signed in. The cookie itself is out of reach of any script. */
import { Refused } from '../api/errors';
import { isSignedIn, signIn, signOut } from '../api/reads';
import { remember, remembered } from './memory';

class Session {
  // Asking the service without need would answer 401, which browsers report as an error.
  signedIn = $state(remembered('signed_in') === 'yes');
  /** The session ended by itself: the sign-in page says so. */
  ended = $state(false);

  async begin(token: string): Promise<void> {
    await signIn(token);
    this.#set(true);
    this.ended = false;
  }

  async end(): Promise<void> {
    await signOut();
    this.#set(false);
  }

  /** Look whether the cookie still holds, as when the live socket is turned away without a word. */
  async check(): Promise<void> {
    if (this.signedIn && !(await isSignedIn())) this.#expire();
  }

  /** Take note if an error says that the session is over; tell whether it did. */
  notice(error: unknown): boolean {
    const over = error instanceof Refused && error.status === 401;
    if (over) this.#expire();
    return over;
  }

  #expire(): void {
    this.ended = true;
    this.#set(false);
  }

  #set(signedIn: boolean): void {
    this.signedIn = signedIn;
    remember('signed_in', signedIn ? 'yes' : null);
  }
}

export const session = new Session();
