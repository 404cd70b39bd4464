/** What every live page shares: a socket, its state, and a full reading whenever something may have been missed. */
import type { Event } from '../events_gen';
import { LiveSocket, type LiveStatus } from '../live/socket';
import { problemOf, type Problem } from './problem';
import { session } from './session.svelte';

export abstract class Room {
  live = $state<LiveStatus>('connecting');
  /** Events the service dropped for this browser since the page was opened. */
  missed = $state(0);
  problem = $state.raw<Problem | null>(null);
  #socket: LiveSocket;
  #busy = false;
  #again = false;

  protected abstract readonly what: Problem['what'];

  constructor(address: string) {
    this.#socket = new LiveSocket(address, {
      opened: () => void this.read(),
      events: (events) => this.take(events),
      missed: (count) => {
        this.missed += count;
        void this.read();
      },
      status: (status) => {
        this.live = status;
        if (status === 'waiting') void this.#checkSession();
      },
    });
  }

  /** Read everything anew. Asked while it reads, it reads once more afterwards: readings do not pile up. */
  async read(): Promise<void> {
    this.#again = true;
    if (this.#busy) return;
    this.#busy = true;
    while (this.#again) {
      this.#again = false;
      await this.#readOnce();
    }
    this.#busy = false;
  }

  async #readOnce(): Promise<void> {
    try {
      await this.readAll();
      this.problem = null;
    } catch (error) {
      this.problem = problemOf(this.what, error);
    }
  }

  close(): void {
    this.#socket.close();
  }

  protected abstract readAll(): Promise<void>;
  protected abstract take(events: Event[]): void;

  async #checkSession(): Promise<void> {
    try {
      await session.check();
    } catch (error) {
      this.problem = problemOf(this.what, error);
    }
  }
}
