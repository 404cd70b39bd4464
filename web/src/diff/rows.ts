/** Two versions of a text as the rows of a unified diff. */
import { diffLines, diffWordsWithSpace } from 'diff';

export interface Range {
  from: number;
  until: number;
}

export interface Row {
  type: 'same' | 'added' | 'removed';
  /** Line number before; null for an added line. */
  before: number | null;
  /** Line number now; null for a removed line. */
  now: number | null;
  text: string;
  /** The parts of the line that differ from its partner. */
  changed: Range[];
}

/** The comparison gives up after this long: two large and unlike files would hold the page up. */
const COMPARE_MS_MAX = 1_500;
/** Longer lines are shown without marking words. */
const WORDS_LINE_MAX = 400;

/** Give the rows, or null where the versions are too large or too unlike to compare in time. */
export function rowsOf(before: string, now: string): Row[] | null {
  const parts = diffLines(before, now, {
    timeout: COMPARE_MS_MAX,
    stripTrailingCr: true,
    ignoreNewlineAtEof: true,
  });
  if (parts === undefined) return null;
  const rows: Row[] = [];
  const line = { before: 1, now: 1 };
  for (const part of parts) {
    const type = part.added ? 'added' : part.removed ? 'removed' : 'same';
    for (const text of linesOf(part.value)) rows.push(rowOf(type, text, line));
  }
  markChangedWords(rows);
  return rows;
}

function rowOf(type: Row['type'], text: string, line: { before: number; now: number }): Row {
  return {
    type,
    before: type === 'added' ? null : line.before++,
    now: type === 'removed' ? null : line.now++,
    text,
    changed: [],
  };
}

/** The lines of a text, without their ends. */
export function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Where lines were replaced one by one, mark what differs within each pair. */
function markChangedWords(rows: Row[]): void {
  for (let at = 0; at < rows.length;) {
    const removed = lengthOfRun(rows, at, 'removed');
    const added = lengthOfRun(rows, at + removed, 'added');
    for (let pair = 0; removed === added && pair < removed; pair += 1) {
      markPair(rows[at + pair], rows[at + removed + pair]);
    }
    at += Math.max(1, removed + added);
  }
}

function lengthOfRun(rows: Row[], from: number, type: Row['type']): number {
  let length = 0;
  while (rows[from + length]?.type === type) length += 1;
  return length;
}

function markPair(removed: Row | undefined, added: Row | undefined): void {
  if (!removed || !added || Math.max(removed.text.length, added.text.length) > WORDS_LINE_MAX) return;
  const words = diffWordsWithSpace(removed.text, added.text);
  // Lines that share no word but blanks are two lines, not one that changed.
  if (!words.some((word) => !word.added && !word.removed && /\w/.test(word.value))) return;
  let [atRemoved, atAdded] = [0, 0];
  for (const { value, added: isAdded, removed: isRemoved } of words) {
    const { length } = value;
    if (isAdded) added.changed.push({ from: atAdded, until: atAdded + length });
    if (isRemoved) removed.changed.push({ from: atRemoved, until: atRemoved + length });
    if (!isAdded) atRemoved += length;
    if (!isRemoved) atAdded += length;
  }
}
