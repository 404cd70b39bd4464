/** One student of a class, kept up to date by events. Pure: each step gives a new tile. */
import type { StudentRow } from '../api/answers';
import type { Event } from '../events_gen';
import { milliseconds } from '../text/moments';
import { digestOf, type Digest } from './digest';
import { isFailure, outcomeOf } from './outcome';
import { withRecent } from './recent';

export interface Counts {
  saves: number;
  builds: number;
  failed_builds: number;
  runs: number;
  failed_runs: number;
  crashes: number;
  oom_kills: number;
}

export interface Tile {
  student: string;
  assignment: string | null;
  lastMs: number | null;
  /** What the service says was last, for when nothing is recent. */
  lastKind: string | null;
  counts: Counts;
  /** Up to this moment the service has counted. */
  countedUntil: string;
  /** Events counted here since. */
  countedIds: ReadonlySet<string>;
  recent: readonly Event[];
  digest: Digest;
  /** Counts the times something happened before the reader's eyes. */
  beats: number;
}

/** A tile as the service tells it; what was recent in the tile before is kept. */
export function tileOf(row: StudentRow, before?: Tile): Tile {
  const { student, assignment, last_activity, last_kind, ...counts } = row;
  const lastMs = last_activity === null ? null : milliseconds(last_activity);
  return {
    student,
    assignment,
    lastMs: latest(lastMs, before?.lastMs ?? null),
    lastKind: last_kind,
    counts,
    countedUntil: last_activity ?? '',
    countedIds: new Set(),
    recent: before?.recent ?? [],
    digest: before?.digest ?? digestOf([]),
    beats: before?.beats ?? 0,
  };
}

const ROW_OF_NOTHING = {
  assignment: null,
  last_activity: null,
  last_kind: null,
  saves: 0,
  builds: 0,
  failed_builds: 0,
  runs: 0,
  failed_runs: 0,
  crashes: 0,
  oom_kills: 0,
};

/** The tile of a student of whom nothing was known. */
export const blankTile = (student: string): Tile => tileOf({ ...ROW_OF_NOTHING, student });

/** A tile after live events: counted, and drawn. */
export function withLive(tile: Tile, events: readonly Event[], nowMs: number): Tile {
  const after = withEvents(withCounted(tile, events), events, nowMs);
  return after.digest.last === tile.digest.last ? after : { ...after, beats: tile.beats + 1 };
}

/** A tile after events that the service has counted already. */
export function withEvents(tile: Tile, events: readonly Event[], nowMs: number): Tile {
  const recent = withRecent(tile.recent, events, nowMs);
  const last = recent.at(-1);
  return {
    ...tile,
    recent,
    digest: digestOf(recent),
    lastMs: latest(tile.lastMs, last ? milliseconds(last.time) : null),
    lastKind: last?.kind ?? tile.lastKind,
    assignment: recent.findLast((event) => event.subject?.assignment)?.subject?.assignment ?? tile.assignment,
  };
}

function withCounted(tile: Tile, events: readonly Event[]): Tile {
  const countedIds = new Set(tile.countedIds);
  let { counts } = tile;
  for (const event of events) {
    // An event may be on its way here while the service answers with it counted. The answer's last moment
    // tells them apart but for late ones, which the next full reading sets right.
    if (event.time <= tile.countedUntil || countedIds.has(event.id)) continue;
    countedIds.add(event.id);
    counts = countsAfter(counts, event);
  }
  return { ...tile, counts, countedIds };
}

function countsAfter(counts: Counts, event: Event): Counts {
  if (event.kind === 'file.saved') return { ...counts, saves: counts.saves + 1 };
  if (event.kind === 'process.oom_killed') return { ...counts, oom_kills: counts.oom_kills + 1 };
  if (event.kind !== 'process.exited') return counts;
  const { activity } = event.body;
  if (!activity) return counts;
  const outcome = outcomeOf(event.body);
  const failed = isFailure(outcome) ? 1 : 0;
  if (activity.type === 'build') {
    return { ...counts, builds: counts.builds + 1, failed_builds: counts.failed_builds + failed };
  }
  return {
    ...counts,
    runs: counts.runs + 1,
    failed_runs: counts.failed_runs + failed,
    crashes: counts.crashes + (outcome === 'crashed' ? 1 : 0),
  };
}

function latest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
