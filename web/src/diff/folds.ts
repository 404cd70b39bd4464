/** Long stretches of unchanged lines, folded away. */
import type { Row } from './rows';

/** Unchanged lines shown around a change. */
const CONTEXT_LINES = 3;
/** A shorter stretch is not worth a fold. */
const FOLD_LINES_MIN = 4;

export type Block = { type: 'rows'; rows: Row[] } | { type: 'fold'; rows: Row[] };

/** Cut rows into blocks to show and blocks to fold. */
export function blocksOf(rows: readonly Row[]): Block[] {
  const near = new Set<number>();
  rows.forEach((row, index) => {
    if (row.type === 'same') return;
    for (let at = index - CONTEXT_LINES; at <= index + CONTEXT_LINES; at += 1) near.add(at);
  });
  const blocks: Block[] = [];
  rows.forEach((row, index) => {
    const type = near.has(index) ? 'rows' : 'fold';
    const current = blocks.at(-1);
    if (current?.type === type) current.rows.push(row);
    else blocks.push({ type, rows: [row] });
  });
  return blocks.map((block) => (block.rows.length < FOLD_LINES_MIN ? { ...block, type: 'rows' } : block));
}
