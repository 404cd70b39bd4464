/** One student's timeline, live. */
import type { StudentKey } from '../api/answers';
import { readTimeline } from '../api/reads';
import type { Event } from '../events_gen';
import { liveAddress } from '../live/address';
import { entriesOf } from '../state/entries';
import { EMPTY_JOURNAL, withArrivals } from '../state/journal';
import { blankTile, withLive } from '../state/tile';
import { clock } from './clock.svelte';
import { Room } from './room.svelte';

export class StudentRoom extends Room {
  protected readonly what = 'timeline';
  #journal = $state.raw(EMPTY_JOURNAL);
  #reading = 0;
  /** Whether the whole timeline was read at least once. */
  known = $state(false);

  readonly eventsRead = $derived(this.#journal.events.length);
  readonly entries = $derived(entriesOf(this.#journal.events));
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
    this.known = true;
  }

  protected take(events: Event[]): void {
    this.#journal = withArrivals(this.#journal, events);
  }
}
