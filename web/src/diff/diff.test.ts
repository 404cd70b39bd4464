import { expect, test } from 'vitest';
import { coloursOf, parserFor } from './colours';
import { blocksOf } from './folds';
import { piecesOf } from './pieces';
import { linesOf, rowsOf } from './rows';

const lines = (count: number): string => Array.from({ length: count }, (_, n) => `line ${n + 1}\n`).join('');

test('each row carries its line numbers before and now', () => {
  const rows = rowsOf('a\nb\nc\n', 'a\nB\nc\nd\n');
  expect(rows?.map(({ type, before, now, text }) => [type, before, now, text])).toEqual([
    ['same', 1, 1, 'a'],
    ['removed', 2, null, 'b'],
    ['added', null, 2, 'B'],
    ['same', 3, 3, 'c'],
    ['added', null, 4, 'd'],
  ]);
});

test('a first version is all added, an emptied file all removed', () => {
  expect(rowsOf('', 'a\nb\n')?.map(({ type }) => type)).toEqual(['added', 'added']);
  expect(rowsOf('a\nb\n', '')?.map(({ type }) => type)).toEqual(['removed', 'removed']);
});

test('within a line that changed, the changed words are marked', () => {
  const [removed, added] = rowsOf('return x - y;\n', 'return x + y;\n') ?? [];
  expect(removed?.changed).toEqual([{ from: 9, until: 10 }]);
  expect(added?.changed).toEqual([{ from: 9, until: 10 }]);
});

test('lines that have no word in common are not compared word by word', () => {
  const [removed, added] = rowsOf('alpha\n', 'beta\n') ?? [];
  expect([removed?.changed, added?.changed]).toEqual([[], []]);
});

test.each([
  ['a\r\nb\r\n', 'a\nb\n'],
  ['a\nb', 'a\nb\n'],
])('other line ends are no change of lines (%j, %j)', (before, now) => {
  expect(rowsOf(before, now)?.every(({ type }) => type === 'same')).toBe(true);
});

test('long unchanged stretches are folded, three lines around a change are not', () => {
  const before = lines(30);
  const rows = rowsOf(before, before.replace('line 15\n', 'new\n')) ?? [];
  expect(blocksOf(rows).map(({ type, rows: { length } }) => [type, length])).toEqual([
    ['fold', 11],
    ['rows', 8],
    ['fold', 12],
  ]);
});

test('a stretch too short to be worth it is shown', () => {
  const rows = rowsOf(lines(7), lines(7).replace('line 7\n', '')) ?? [];
  expect(blocksOf(rows).map(({ type }) => type)).toEqual(['rows', 'rows']);
});

test('a comment over lines is coloured on each of them', async () => {
  const text = 'int a; /* one\ntwo */ int b;\n';
  const colours = coloursOf(text, await parserFor('x.c'));
  expect(colours[0]?.at(-1)).toEqual({ from: 7, until: 13, className: 'tok-comment' });
  expect(colours[1]?.[0]).toEqual({ from: 0, until: 6, className: 'tok-comment' });
});

test('a language without a parser has no colours', async () => {
  expect(coloursOf('x', await parserFor('notes.txt'))).toEqual([]);
});

test('a line is cut where colour or change begins and ends, and nothing is lost', () => {
  const pieces = piecesOf('int x = 1;', [{ from: 0, until: 3, className: 'k' }], [{ from: 2, until: 5 }]);
  expect(pieces).toEqual([
    { text: 'in', className: 'k', changed: false },
    { text: 't', className: 'k', changed: true },
    { text: ' x', className: '', changed: true },
    { text: ' = 1;', className: '', changed: false },
  ]);
  expect(piecesOf('', [], [])).toEqual([]);
});

test('the end of the last line makes no line of its own', () => {
  expect([linesOf(''), linesOf('a\n'), linesOf('a\n\n'), linesOf('a')]).toEqual([[], ['a'], ['a', ''], ['a']]);
});
