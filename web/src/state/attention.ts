/** In which order a class is shown. */
import { CONDITIONS, standingOf, type Condition, type Standing } from './condition';
import type { Tile } from './tile';

export const ORDERS = ['attention', 'student', 'latest', 'failures'] as const;
export type Order = (typeof ORDERS)[number];

export interface StandingTile {
  tile: Tile;
  standing: Standing;
}

export function withStanding(tile: Tile, nowMs: number): StandingTile {
  return { tile, standing: standingOf(tile.digest, tile.lastMs, nowMs) };
}

export function inOrder(tiles: readonly StandingTile[], order: Order): StandingTile[] {
  return [...tiles].sort((a, b) => COMPARE[order](a, b) || byStudent(a, b));
}

/** How many students are in each condition. */
export function census(tiles: readonly StandingTile[]): Record<Condition, number> {
  const counts = Object.fromEntries(CONDITIONS.map((condition) => [condition, 0])) as Record<Condition, number>;
  for (const { standing } of tiles) counts[standing.condition] += 1;
  return counts;
}

type Compare = (a: StandingTile, b: StandingTile) => number;

const numeric = new Intl.Collator('en', { numeric: true });

const byStudent: Compare = (a, b) => numeric.compare(a.tile.student, b.tile.student);
const byLatest: Compare = (a, b) => (b.tile.lastMs ?? 0) - (a.tile.lastMs ?? 0);
const byFailures: Compare = (a, b) => failuresOf(b) - failuresOf(a);

const byAttention: Compare = (a, b) => {
  const { condition } = a.standing;
  const rank = CONDITIONS.indexOf(condition) - CONDITIONS.indexOf(b.standing.condition);
  if (rank !== 0) return rank;
  // By student while well: tiles that trade places with every save are unreadable.
  if (condition === 'active') return 0;
  const longestFirst = (a.standing.sinceMs ?? 0) - (b.standing.sinceMs ?? 0);
  return condition === 'away' ? -longestFirst : longestFirst;
};

const COMPARE: Record<Order, Compare> = {
  attention: byAttention,
  student: byStudent,
  latest: byLatest,
  failures: byFailures,
};

const failuresOf = ({ tile: { counts } }: StandingTile): number =>
  counts.failed_builds + counts.failed_runs + counts.oom_kills;
