/** A line cut into pieces that each have one colour and are changed or not. */
import type { Colour } from './colours';
import type { Range } from './rows';

export interface Piece {
  text: string;
  className: string;
  changed: boolean;
}

export function piecesOf(text: string, colours: readonly Colour[], changed: readonly Range[]): Piece[] {
  const cuts = new Set([0, text.length]);
  for (const { from, until } of [...colours, ...changed])
    cuts.add(Math.min(from, text.length)).add(Math.min(until, text.length));
  const borders = [...cuts].sort((a, b) => a - b);
  return borders.slice(0, -1).map((from, index) => ({
    text: text.slice(from, borders[index + 1]),
    className: colours.find((colour) => covers(colour, from))?.className ?? '',
    changed: changed.some((range) => covers(range, from)),
  }));
}

const covers = (range: Range, at: number): boolean => range.from <= at && at < range.until;
