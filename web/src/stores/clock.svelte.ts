/** The service's time, ticking: every age on the pages is told by it. */
import { listenToServerTime } from '../api/client';
import { SECOND_MS } from '../text/moments';

/** The Date header counts whole seconds: a smaller difference is no difference. */
const TOLERANCE_MS = 2 * SECOND_MS;

class Clock {
  #offsetMs = 0;
  now = $state(Date.now());

  constructor() {
    listenToServerTime((serverMs) => {
      const offset = serverMs - Date.now();
      this.#offsetMs = Math.abs(offset) > TOLERANCE_MS ? offset : 0;
    });
    setInterval(() => this.#tick(), SECOND_MS);
    document.addEventListener('visibilitychange', () => this.#tick());
  }

  /** The exact time, for decisions; `now` is for what is drawn. */
  read(): number {
    return Date.now() + this.#offsetMs;
  }

  #tick(): void {
    if (!document.hidden) this.now = this.read();
  }
}

export const clock = new Clock();
