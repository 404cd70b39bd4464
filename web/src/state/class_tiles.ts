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
  const ofStudent = byStudent(events, assignment);
  if (ofStudent.size === 0) return tiles;
  const after = new Map(tiles);
  for (const [student, theirs] of ofStudent) {
    after.set(student, withLive(after.get(student) ?? blankTile(student), theirs, nowMs));
  }
  return after;
}

/** The class after its recent past was read. */
export function tilesWithPast(tiles: Tiles, events: readonly Event[], assignment: string | null, nowMs: number): Tiles {
  const after = new Map(tiles);
  for (const [student, theirs] of byStudent(events, assignment)) {
    const tile = after.get(student);
    if (tile) after.set(student, withEvents(tile, theirs, nowMs));
  }
  return after;
}

/** Events of the assignment asked for, by student; an event of nobody is left out. */
function byStudent(events: readonly Event[], assignment: string | null): Map<string, Event[]> {
  const within = events.filter((event) => assignment === null || event.subject?.assignment === assignment);
  const ofStudent = Map.groupBy(within, (event) => event.subject?.student ?? '');
  ofStudent.delete('');
  return ofStudent;
}
