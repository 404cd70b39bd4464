/** A class, live: the rows the service counts, the recent past of all, and every event since. */
import type { AssignmentRow, SectionKey } from '../api/answers';
import { readAssignments, readRecent, readStudents } from '../api/reads';
import type { Event } from '../events_gen';
import { liveAddress } from '../live/address';
import { tilesAfter, tilesOf, tilesWithPast, type Tiles } from '../state/class_tiles';
import { isDeed, RECENT_KINDS, RECENT_MS } from '../state/recent';
import { SECOND_MS } from '../text/moments';
import { clock } from './clock.svelte';
import { whileVisible } from './polling';
import { problemOf } from './problem';
import { Room } from './room.svelte';

/** Counts may drift by events that came late; so often they are set right. */
const REREAD_MS = 60 * SECOND_MS;

export class ClassRoom extends Room {
  protected readonly what = 'students';
  tiles = $state.raw<Tiles>(new Map());
  assignments = $state.raw<AssignmentRow[]>([]);
  /** Whether the class was read at least once. */
  known = $state(false);
  /** Whether the last minutes were read too: from now on tiles move only when students do something. */
  settled = $state(false);
  /** Counts full readings: an answer to an earlier one than the latest is thrown away. */
  #reading = 0;
  #stopRereading: () => void;

  #assignment: string | null;

  constructor(
    readonly key: SectionKey,
    assignment: string | null,
  ) {
    super(liveAddress(key));
    this.#assignment = assignment;
    this.#stopRereading = whileVisible(() => void this.#setRight(), REREAD_MS);
  }

  /** Show work on one assignment only; null shows all. */
  narrow(assignment: string | null): void {
    if (assignment === this.#assignment) return;
    this.#assignment = assignment;
    // What is being read belongs to the choice before.
    this.#reading += 1;
    this.tiles = new Map();
    this.known = false;
    this.settled = false;
    void this.read();
  }

  override close(): void {
    super.close();
    this.#reading += 1;
    this.#stopRereading();
  }

  protected async readAll(): Promise<void> {
    const reading = ++this.#reading;
    await this.#readRows(reading);
    await this.#readPasts(reading);
  }

  protected take(events: Event[]): void {
    this.tiles = tilesAfter(this.tiles, events, this.#assignment, clock.read());
  }

  async #setRight(): Promise<void> {
    try {
      await this.#readRows(this.#reading);
    } catch (error) {
      this.problem = problemOf('students', error);
    }
  }

  async #readRows(reading: number): Promise<void> {
    const [rows, assignments] = await Promise.all([
      readStudents(this.key, this.#assignment),
      readAssignments(this.key),
    ]);
    if (reading !== this.#reading) return;
    this.tiles = tilesOf(rows, this.tiles);
    this.assignments = assignments;
    this.known = true;
  }

  /** Read everyone's last minutes and show them together: tiles that come to rest one after another cannot be read. */
  async #readPasts(reading: number): Promise<void> {
    const since = new Date(clock.read() - RECENT_MS).toISOString();
    const deeds: Event[] = [];
    for await (const page of readRecent(this.key, since, RECENT_KINDS)) {
      if (reading !== this.#reading) return;
      // What no tile is drawn from is let go at once: a class builds with many helper programs.
      deeds.push(...page.filter(isDeed));
    }
    this.tiles = tilesWithPast(this.tiles, deeds, this.#assignment, clock.read());
    this.settled = true;
  }
}
