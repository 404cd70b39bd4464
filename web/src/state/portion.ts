/** The part of a timeline that is drawn. */
import type { Entry } from './entries';
import type { Sitting } from './sittings';

export interface Portion {
  parts: { sitting: Sitting; entries: Entry[] }[];
  /** Entries not drawn. */
  left: number;
}

/** Take sittings and their entries in the order asked for, until `limit` entries are taken. */
export function portionOf(sittings: readonly Sitting[], newestFirst: boolean, limit: number): Portion {
  const parts: Portion['parts'] = [];
  let room = limit;
  for (const sitting of newestFirst ? sittings.toReversed() : sittings) {
    if (room <= 0) break;
    const entries = (newestFirst ? sitting.entries.toReversed() : sitting.entries).slice(0, room);
    room -= entries.length;
    parts.push({ sitting, entries });
  }
  const all = sittings.reduce((sum, sitting) => sum + sitting.entries.length, 0);
  return { parts, left: all - (limit - room) };
}
