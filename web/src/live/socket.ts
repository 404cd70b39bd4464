/** A socket that comes back: live events in small batches, and a word each time something may have been missed. */
import type { Event } from '../events_gen';
import { waitMs } from './backoff';
import { frameOf } from './frames';

/** Events are handed over together this often: a burst costs one redraw, not hundreds. */
const BATCH_MS = 120;

export type LiveStatus = 'connecting' | 'live' | 'waiting';

export interface LiveListener {
  /** The stream begins, or begins anew: whatever came before it must be read again. */
  opened(): void;
  events(events: Event[]): void;
  /** The service dropped this many events, as this browser was too slow. */
  missed(count: number): void;
  status(status: LiveStatus): void;
}

export interface Surroundings {
  open(address: string): WebSocket;
  random(): number;
}

const BROWSER: Surroundings = { open: (address) => new WebSocket(address), random: Math.random };

export class LiveSocket {
  #socket: WebSocket | null = null;
  #attempt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #flush: ReturnType<typeof setTimeout> | undefined;
  #batch: Event[] = [];
  #closed = false;

  constructor(
    readonly address: string,
    readonly listener: LiveListener,
    readonly surroundings: Surroundings = BROWSER,
  ) {
    this.#connect();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    clearTimeout(this.#flush);
    this.#socket?.close();
  }

  #connect(): void {
    this.listener.status('connecting');
    const socket = this.surroundings.open(this.address);
    this.#socket = socket;
    socket.onmessage = (message) => {
      if (!this.#closed) this.#take(String(message.data));
    };
    socket.onclose = () => {
      if (!this.#closed) this.#comeBack();
    };
  }

  #take(text: string): void {
    const frame = frameOf(text);
    if (frame?.type === 'ready') {
      this.#attempt = 0;
      this.listener.status('live');
      this.listener.opened();
    } else if (frame?.type === 'missed') {
      this.listener.missed(frame.count);
    } else if (frame?.type === 'event') {
      this.#batch.push(frame.event);
      this.#flush ??= setTimeout(() => this.#hand(), BATCH_MS);
    }
  }

  #hand(): void {
    this.#flush = undefined;
    const batch = this.#batch;
    this.#batch = [];
    this.listener.events(batch);
  }

  #comeBack(): void {
    this.listener.status('waiting');
    const wait = waitMs(this.#attempt, this.surroundings.random());
    this.#attempt += 1;
    this.#retry = setTimeout(() => this.#connect(), wait);
  }
}
