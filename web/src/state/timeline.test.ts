import { expect, test } from 'vitest';
import { entriesOf } from './entries';
import { BUILD, CTRL_C, event, exited, momentAt, msAt, OUT_OF_MEMORY, RUN, saved, SEGFAULT } from './events_fixture';
import { filesOf } from './files';
import { assignmentsOf, groupCounts, isShown, type Filter } from './filter';
import { EMPTY_JOURNAL, withArrivals } from './journal';
import { portionOf } from './portion';
import { sittingsOf } from './sittings';
import { summaryOf } from './summary';

const ALL: Filter = { assignment: null, groups: new Set(), helpers: false };
const GAP = event(
  'monitor.gap',
  8,
  { stage: 'agent', reason: 'x', since: momentAt(7), until: momentAt(8) },
  { assignment: null },
);
const STORY = [
  saved(1),
  exited(3, 1, BUILD, { exit_code: 1 }),
  exited(5, 2, RUN, SEGFAULT),
  exited(6, 3, null),
  saved(7, {}, { assignment: 'hw10' }),
  GAP,
  saved(9, {}, { assignment: 'hw2' }),
];
const ENTRIES = entriesOf(STORY);
const shown = (filter: Partial<Filter>) => ENTRIES.filter((entry) => isShown(entry, { ...ALL, ...filter }));

test('events are kept once and in order of time, whatever order they come in', () => {
  const [a, b, c] = [saved(1), saved(2), saved(3)];
  const journal = withArrivals(withArrivals(EMPTY_JOURNAL, [c, a, a]), [b, c]);
  expect(journal.events).toEqual([a, b, c]);
  expect(withArrivals(journal, [b])).toBe(journal);
});

test('helper programs are hidden unless asked for', () => {
  expect(shown({})).toHaveLength(6);
  expect(shown({ helpers: true })).toHaveLength(7);
});

test('an assignment hides the others, but no gap', () => {
  expect(shown({ assignment: 'hw2' }).map(({ key }) => key)).toEqual([GAP.id, STORY.at(-1)?.id]);
});

test('a run that crashed is found among runs and among crashes', () => {
  expect(shown({ groups: new Set(['runs']) })).toEqual(shown({ groups: new Set(['crashes']) }));
  expect(groupCounts(ENTRIES, { ...ALL, groups: new Set(['gaps']) })).toEqual({
    saves: 3,
    builds: 1,
    runs: 1,
    crashes: 1,
    files: 0,
    gaps: 1,
  });
});

test('assignments are offered in the order people count', () => {
  expect(assignmentsOf(ENTRIES)).toEqual(['hw1', 'hw2', 'hw10']);
});

test('a long pause cuts a timeline into sittings, a long run is no pause', () => {
  const hour = 3_600;
  const story = [saved(0), exited(hour, 1, RUN, { duration_us: (hour - 10) * 1e6 }), saved(hour + 60), saved(3 * hour)];
  const sittings = sittingsOf(entriesOf(story));
  expect(sittings.map(({ entries }) => entries.length)).toEqual([3, 1]);
  expect(sittings[0]).toMatchObject({ fromMs: msAt(0), untilMs: msAt(hour + 60) });
});

test('a portion takes the newest first when asked, and tells what is left', () => {
  const sittings = sittingsOf(entriesOf([saved(0), saved(1), saved(9_000), saved(9_001)]));
  const newest = portionOf(sittings, () => true, true, 3);
  expect(newest.parts.map(({ entries }) => entries.map(({ ms }) => ms))).toEqual([
    [msAt(9_001), msAt(9_000)],
    [msAt(1)],
  ]);
  expect(newest.left).toBe(1);
  expect(portionOf(sittings, () => true, false, 10)).toMatchObject({ left: 0 });
});

test('a sitting stays whole when its entries are narrowed, and goes when none is wanted', () => {
  const sittings = sittingsOf(entriesOf([saved(0), exited(1, 1, BUILD), saved(9_000)]));
  const builds = portionOf(sittings, ({ type }) => type === 'process', true, 10);
  expect(builds).toMatchObject({ parts: [{ sitting: sittings[0], entries: [{ type: 'process' }] }], left: 0 });
});

test('a sitting is summed up', () => {
  expect(summaryOf(ENTRIES)).toEqual({ saves: 3, builds: 1, failedBuilds: 1, runs: 1, crashes: 1, oomKills: 0 });
});

test('what was stopped is summed up as neither failed nor crashed, want of memory as a kill alone', () => {
  const kill = event('process.oom_killed', 4, { pid: 3, comm: 'main' });
  const story = [exited(1, 1, BUILD, CTRL_C), exited(2, 2, RUN, CTRL_C), exited(3, 3, RUN, OUT_OF_MEMORY), kill];
  const entries = entriesOf(story);
  expect(summaryOf(entries)).toEqual({ saves: 0, builds: 1, failedBuilds: 0, runs: 2, crashes: 0, oomKills: 1 });
  expect(groupCounts(entries, ALL)).toMatchObject({ runs: 2, crashes: 2 });
});

test('files are listed with their versions; what is gone comes last', () => {
  const files = filesOf(
    entriesOf([
      saved(1, { path: 'b.c' }),
      saved(2, { path: 'a.c' }),
      saved(3, { path: 'b.c' }),
      event('file.moved', 4, { path: 'a.c', destination: 'z.c' }),
      event('file.deleted', 5, { path: 'b.c' }),
      saved(6, { path: 'b.c' }),
    ]),
  );
  expect(files.map(({ path, gone, versions, movedFrom }) => [path, gone, versions.length, movedFrom])).toEqual([
    ['b.c', false, 3, null],
    ['z.c', false, 0, 'a.c'],
    ['a.c', true, 1, null],
  ]);
});
