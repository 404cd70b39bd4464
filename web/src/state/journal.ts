/** The events of one student, each once, in order of time, whatever order they arrived in. Pure. */
import type { Event } from '../events_gen';

export interface Journal {
  ids: ReadonlySet<string>;
  events: readonly Event[];
}

export const EMPTY_JOURNAL: Journal = { ids: new Set(), events: [] };

export function withArrivals(journal: Journal, arrivals: readonly Event[]): Journal {
  const ids = new Set(journal.ids);
  const fresh = arrivals.filter((event) => !ids.has(event.id) && ids.add(event.id));
  if (fresh.length === 0) return journal;
  const events = [...journal.events, ...fresh].sort((a, b) => {
    if (a.time !== b.time) return a.time < b.time ? -1 : 1;
    return a.agent === b.agent ? a.seq - b.seq : 0;
  });
  return { ids, events };
}
