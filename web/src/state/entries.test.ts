import { expect, test } from 'vitest';
import { entriesOf } from './entries';
import { BUILD, event, exited, momentAt, msAt, RUN, saved, SEGFAULT, started } from './events_fixture';

test('start and end of a process are one entry, at the start, with its outcome', () => {
  const [entry, ...more] = entriesOf([
    started(10, 5, RUN),
    saved(11),
    exited(12, 5, RUN, { ...SEGFAULT, duration_us: 2e6 }),
  ]);
  expect(entry).toMatchObject({ type: 'process', ms: msAt(10), endMs: msAt(12), outcome: 'crashed' });
  expect(more.map(({ type }) => type)).toEqual(['save']);
});

test('a process whose end was not seen runs', () => {
  expect(entriesOf([started(10, 5, RUN)])).toMatchObject([{ outcome: 'running', end: null, endMs: null }]);
});

test('a process whose start was not seen stands where it began', () => {
  const entries = entriesOf([saved(11), exited(12, 5, BUILD, { duration_us: 2_000_000 })]);
  expect(entries.map(({ type, ms }) => [type, ms])).toEqual([
    ['process', msAt(10)],
    ['save', msAt(11)],
  ]);
});

test('a pid used again is another process', () => {
  const story = [started(1, 5, RUN), exited(2, 5, RUN), started(3, 5, RUN), exited(4, 5, RUN, { exit_code: 3 })];
  expect(entriesOf(story)).toMatchObject([{ outcome: 'succeeded' }, { outcome: 'failed' }]);
});

test('a process that executes another program makes two entries, and its end belongs to the second', () => {
  const second = event('process.started', 2, { pid: 5, started: momentAt(1), activity: RUN });
  const end = event('process.exited', 3, { pid: 5, started: momentAt(1), activity: RUN, exit_code: 0 });
  expect(entriesOf([started(1, 5, null), second, end])).toMatchObject([
    { outcome: 'unknown', endMs: msAt(2), activity: null },
    { outcome: 'succeeded', endMs: msAt(3), activity: RUN },
  ]);
});

test('versions are counted by path and assignment, each with the size before', () => {
  const story = [saved(1, { size: 10 }), saved(2, { size: 30 }), saved(3, {}, { assignment: 'hw2' })];
  expect(entriesOf(story)).toMatchObject([
    { version: 1, previousSize: null },
    { version: 2, previousSize: 10 },
    { version: 1, previousSize: null },
  ]);
});

test('heartbeats are not shown, an unknown kind is', () => {
  const heartbeat = event('monitor.heartbeat', 1, {});
  const newer = { ...heartbeat, kind: 'screen.shared', id: 'x' } as never;
  expect(entriesOf([heartbeat, newer])).toMatchObject([{ type: 'other', key: 'x' }]);
});
