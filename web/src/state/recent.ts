/** What a student did in the last minutes: the events a tile is drawn from. */
import type { Event } from '../events_gen';
import { milliseconds, MINUTE_MS } from '../text/moments';

/** How far back a tile looks: the usual length after which a pause ends a sitting, and some. */
export const RECENT_MS = 30 * MINUTE_MS;
/** A program in an endless fork loop must not fill the browser: the newest are kept. */
const RECENT_EVENTS_MAX = 1_000;

export const RECENT_KINDS = [
  'file.saved',
  'file.deleted',
  'file.moved',
  'process.started',
  'process.exited',
  'process.oom_killed',
  'cell.executed',
] as const;

/** Whether the student did this, rather than a program behind the editor or the monitor itself. */
export function isDeed(event: Event): boolean {
  switch (event.kind) {
    case 'process.started':
    case 'process.exited':
      return Boolean(event.body.activity);
    case 'file.saved':
      // Found at a scan: nobody knows when it happened.
      return event.body.how !== 'rescan';
    case 'file.deleted':
      return event.body.how !== 'rescan';
    case 'file.moved':
    case 'process.oom_killed':
    case 'cell.executed':
      return true;
    default:
      return false;
  }
}

/** Add events to those known, each once, in order of time, without the ones too old to matter. */
export function withRecent(known: readonly Event[], more: readonly Event[], nowMs: number): Event[] {
  const byId = new Map(known.map((event) => [event.id, event]));
  for (const event of more) if (isDeed(event)) byId.set(event.id, event);
  return [...byId.values()]
    .filter((event) => nowMs - milliseconds(event.time) <= RECENT_MS)
    .sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : a.seq - b.seq))
    .slice(-RECENT_EVENTS_MAX);
}
