/** How long to wait before the socket is opened again. */

const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/**
 * The wait before try number `attempt` (from 0), doubling up to a limit. `random` (0 to 1) spreads a whole
 * class of browsers over the second half of the wait, so that they do not return all at once.
 */
export function waitMs(attempt: number, random: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
  return Math.round(full / 2 + (full / 2) * random);
}
