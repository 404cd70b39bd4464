/** How a student fares right now: what a tile's colour, icon and word say. */
import { milliseconds, MINUTE_MS, SECOND_MS } from '../text/moments';
import type { Digest } from './digest';

/** In the order in which they deserve a teacher's eye. */
export const CONDITIONS = ['out_of_memory', 'crashed', 'failing', 'running', 'idle', 'active', 'away'] as const;
export type Condition = (typeof CONDITIONS)[number];

export interface Standing {
  condition: Condition;
  /** Since when. */
  sinceMs: number | null;
}

/** One failure is everyday work; from here on it is a pattern. */
const FAILING_FROM = 2;
/** A program that takes longer is worth a word: it waits for input, or never ends. */
const LONG_RUN_MS = 10 * SECOND_MS;
/** The pause after which the literature on programming sessions calls a student idle. */
export const IDLE_MS = 3 * MINUTE_MS;
/** The pause after which it calls the session ended. */
export const AWAY_MS = 20 * MINUTE_MS;

export function standingOf(digest: Digest, lastMs: number | null, nowMs: number): Standing {
  const running = digest.running ? milliseconds(digest.running.time) : null;
  const quietMs = lastMs === null ? Infinity : nowMs - lastMs;
  if (running !== null && nowMs - running >= LONG_RUN_MS) return { condition: 'running', sinceMs: running };
  if (quietMs >= AWAY_MS) return { condition: 'away', sinceMs: lastMs };
  return troubleOf(digest) ?? { condition: quietMs >= IDLE_MS ? 'idle' : 'active', sinceMs: lastMs };
}

/** The trouble that began last: who crashed and now cannot build has the second problem to solve first. */
function troubleOf({ fault, failedInRow, failingSinceMs }: Digest): Standing | null {
  const failing = failedInRow >= FAILING_FROM ? (failingSinceMs ?? 0) : null;
  if (failing !== null && failing > (fault?.sinceMs ?? 0)) return { condition: 'failing', sinceMs: failing };
  return fault && { condition: fault.outcome, sinceMs: fault.sinceMs };
}
