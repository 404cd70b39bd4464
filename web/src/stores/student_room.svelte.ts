/** One student's timeline, live. */
import type { StudentKey } from '../api/answers';
import { readGaps, readTimeline } from '../api/reads';
import type { Event } from '../events_gen';
import { liveAddress } from '../live/address';
import { entriesOf } from '../state/entries';
import { presenceOf, withOwnGaps, type Presence } from '../state/gaps';
import { EMPTY_JOURNAL, withArrivals } from '../state/journal';
import { blankTile, withLive } from '../state/tile';
import { clock } from './clock.svelte';
import { Room } from './room.svelte';

export class StudentRoom extends Room {
  protected readonly what = 'timeline';
  /** Live gaps of every node stand in it too: the student may be seen there later. */
  #journal = $state.raw(EMPTY_JOURNAL);
  #reading = 0;
  /** Whether the whole timeline was read at least once. */
  known = $state(false);

  readonly eventsRead = $derived(this.#journal.events.length);
  readonly entries = $derived(entriesOf(withOwnGaps(this.#journal.events)));
  /** What the tile of the class page would say, counted over the whole timeline. */
  readonly tile = $derived.by(() => withLive(blankTile(this.key.student), this.#journal.events, clock.read()));

  constructor(readonly key: StudentKey) {
    super(liveAddress(key, key.student));
  }

  override close(): void {
    super.close();
    this.#reading += 1;
  }

  protected async readAll(): Promise<void> {
    const reading = ++this.#reading;
    for await (const page of readTimeline(this.key)) {
      if (reading !== this.#reading) return;
      this.take(page);
    }
    const presence = presenceOf(this.#journal.events);
    if (presence) await this.#readGaps(presence, reading);
    if (reading === this.#reading) this.known = true;
  }

  async #readGaps({ nodes, since }: Presence, reading: number): Promise<void> {
    for await (const page of readGaps(nodes, since)) {
      if (reading !== this.#reading) return;
      this.take(page);
    }
  }

  protected take(events: Event[]): void {
    this.#journal = withArrivals(this.#journal, events);
  }
}
