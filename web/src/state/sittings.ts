/** A timeline cut into sittings: stretches of work without a long pause. */
import { AWAY_MS } from './condition';
import type { Entry } from './entries';

export interface Sitting {
  key: string;
  fromMs: number;
  untilMs: number;
  /** Oldest first. */
  entries: Entry[];
}

/** Cut entries (oldest first) where more than `pauseMs` lies between two. */
export function sittingsOf(entries: readonly Entry[], pauseMs = AWAY_MS): Sitting[] {
  const sittings: Sitting[] = [];
  for (const entry of entries) {
    const untilMs = Math.max(entry.ms, (entry.type === 'process' && entry.endMs) || 0);
    const current = sittings.at(-1);
    if (current && entry.ms - current.untilMs <= pauseMs) {
      current.entries.push(entry);
      current.untilMs = Math.max(current.untilMs, untilMs);
    } else {
      sittings.push({ key: entry.key, fromMs: entry.ms, untilMs, entries: [entry] });
    }
  }
  return sittings;
}
