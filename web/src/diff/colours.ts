/** The syntax colours of a text, line by line. */
import type { Parser } from '@lezer/common';
import { classHighlighter, highlightTree } from '@lezer/highlight';
import type { Range } from './rows';

export interface Colour extends Range {
  className: string;
}

/** A longer text is shown in one colour. */
const COLOUR_CHARACTERS_MAX = 200_000;

const C_LIKE = /\.(c|h|cc|cpp|cxx|hh|hpp|hxx|ino)$/i;
const PYTHON = /\.pyw?$/i;

/** The parser for a file's language, fetched only when such a file is opened; null where we have none. */
export async function parserFor(path: string): Promise<Parser | null> {
  if (C_LIKE.test(path)) return (await import('@lezer/cpp')).parser;
  if (PYTHON.test(path)) return (await import('@lezer/python')).parser;
  return null;
}

/** For each line of the text, its coloured parts in columns of that line. */
export function coloursOf(text: string, parser: Parser | null): Colour[][] {
  if (parser === null || text.length > COLOUR_CHARACTERS_MAX) return [];
  const starts = lineStarts(text);
  const colours: Colour[][] = starts.map(() => []);
  let line = 0;
  highlightTree(parser.parse(text), classHighlighter, (from, until, className) => {
    while ((starts[line + 1] ?? Infinity) <= from) line += 1;
    // A comment may go on over lines.
    for (let at = line; (starts[at] ?? Infinity) < until; at += 1) {
      const start = starts[at] ?? 0;
      const end = (starts[at + 1] ?? text.length + 1) - 1;
      colours[at]?.push({ from: Math.max(from, start) - start, until: Math.min(until, end) - start, className });
    }
  });
  return colours;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
