/** Everything a diff is drawn from: read, compared and coloured. */
import { contentOf } from '../stores/contents';
import { textOf } from '../text/contents';
import { coloursOf, parserFor, type Colour } from './colours';
import { linesOf, rowsOf, type Row } from './rows';

export interface Comparison {
  rows: Row[];
  added: number;
  removed: number;
  /** Colours of the lines before and now, each from line 1 at index 0. */
  colours: { before: Colour[][]; now: Colour[][] };
  /** The texts are equal, byte for byte. */
  identical: boolean;
  empty: boolean;
}

/** More changed lines than a person reads, and than a browser draws at once. */
const CHANGED_ROWS_MAX = 5_000;

export type Incomparable = 'binary' | 'too_large';

/** Compare two kept contents (null: there was nothing before). Refused or Unreachable if one cannot be read. */
export async function compare(path: string, before: string | null, now: string): Promise<Comparison | Incomparable> {
  const [bytesBefore, bytesNow, parser] = await Promise.all([
    before === null ? new Uint8Array() : contentOf(before),
    contentOf(now),
    parserFor(path),
  ]);
  const [textBefore, textNow] = [textOf(bytesBefore), textOf(bytesNow)];
  if (textBefore === null || textNow === null) return 'binary';
  const rows = rowsOf(textBefore, textNow);
  const added = rows?.filter((row) => row.type === 'added').length ?? 0;
  const removed = rows?.filter((row) => row.type === 'removed').length ?? 0;
  if (rows === null || added + removed > CHANGED_ROWS_MAX) return 'too_large';
  return {
    rows,
    added,
    removed,
    colours: { before: coloursOf(textBefore, parser), now: coloursOf(textNow, parser) },
    identical: textBefore === textNow,
    empty: linesOf(textNow).length === 0,
  };
}
