/** The part of a timeline that is drawn. */
import type { Entry } from './entries';
import type { Sitting } from './sittings';

export interface Portion {
  /** Sittings of which something is drawn, with what is drawn of each. */
  parts: { sitting: Sitting; entries: Entry[] }[];
  /** Entries that would be drawn if there were room. */
  left: number;
}

/** Take the wanted entries of each sitting in the order asked for, until `limit` entries are taken. */
export function portionOf(
  sittings: readonly Sitting[],
  wanted: (entry: Entry) => boolean,
  newestFirst: boolean,
  limit: number,
): Portion {
  const parts: Portion['parts'] = [];
  let [room, left] = [limit, 0];
  for (const sitting of newestFirst ? sittings.toReversed() : sittings) {
    const fitting = sitting.entries.filter(wanted);
    const entries = (newestFirst ? fitting.reverse() : fitting).slice(0, room);
    room -= entries.length;
    left += fitting.length - entries.length;
    if (entries.length > 0) parts.push({ sitting, entries });
  }
  return { parts, left };
}
