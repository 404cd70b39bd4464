/** All tiles of a class, by student. Pure. */
import type { StudentRow } from '../api/answers';
import type { Event } from '../events_gen';
import { blankTile, tileOf, withEvents, withLive, type Tile } from './tile';

export type Tiles = ReadonlyMap<string, Tile>;

/** The class as the service tells it now. */
export function tilesOf(rows: readonly StudentRow[], before: Tiles): Tiles {
  return new Map(rows.map((row) => [row.student, tileOf(row, before.get(row.student))]));
}

/** The class after live events; `assignment` narrows it, null takes all. */
export function tilesAfter(tiles: Tiles, events: readonly Event[], assignment: string | null, nowMs: number): Tiles {
  const ofStudent = Map.groupBy(events.filter(within(assignment)), (event) => event.subject?.student ?? '');
  ofStudent.delete('');
  if (ofStudent.size === 0) return tiles;
  const after = new Map(tiles);
  for (const [student, theirs] of ofStudent) {
    after.set(student, withLive(after.get(student) ?? blankTile(student), theirs, nowMs));
  }
  return after;
}

/** The class after the recent past of some students was read. */
export function tilesWithPasts(
  tiles: Tiles,
  pasts: ReadonlyMap<string, readonly Event[]>,
  assignment: string | null,
  nowMs: number,
): Tiles {
  const after = new Map(tiles);
  for (const [student, events] of pasts) {
    const tile = after.get(student);
    if (tile) after.set(student, withEvents(tile, events.filter(within(assignment)), nowMs));
  }
  return after;
}

const within = (assignment: string | null) => (event: Event) =>
  assignment === null || event.subject?.assignment === assignment;
