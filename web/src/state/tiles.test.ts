import { expect, test } from 'vitest';
import type { StudentRow } from '../api/answers';
import { census, inOrder, withStanding } from './attention';
import { tilesAfter, tilesOf, tilesWithPast, type Tiles } from './class_tiles';
import { BUILD, CTRL_C, event, exited, momentAt, msAt, OUT_OF_MEMORY, RUN, saved, SEGFAULT, started } from './events_fixture';
import { RECENT_MS } from './recent';

const ROW: StudentRow = {
  student: '20201',
  last_activity: momentAt(0),
  last_kind: 'file.saved',
  assignment: 'hw1',
  saves: 5,
  builds: 2,
  failed_builds: 1,
  runs: 1,
  failed_runs: 0,
  crashes: 0,
  oom_kills: 0,
};
const CLASS: Tiles = tilesOf([ROW], new Map());
const after = (tiles: Tiles, events: Parameters<typeof tilesAfter>[1], assignment: string | null = null) =>
  tilesAfter(tiles, events, assignment, msAt(60));

test('live events are counted as the service counts', () => {
  const story = [
    saved(1),
    exited(2, 1, BUILD, { exit_code: 1 }),
    exited(3, 2, RUN, SEGFAULT),
    exited(4, 3, null, { exit_code: 1 }),
    event('process.oom_killed', 5, { pid: 4, comm: 'main' }),
    exited(6, 4, RUN, OUT_OF_MEMORY),
    exited(7, 5, RUN, CTRL_C),
    exited(8, 6, BUILD, CTRL_C),
  ];
  expect(after(CLASS, story).get('20201')?.counts).toEqual({
    saves: 6,
    builds: 4,
    failed_builds: 2,
    runs: 4,
    failed_runs: 2,
    crashes: 1,
    oom_kills: 1,
  });
});

test('who only ran helper programs did nothing yet, and stands behind who did', () => {
  const helper = { ...ROW, student: '20202', last_activity: null, last_kind: null };
  const tiles = after(tilesOf([helper, ROW], new Map()), [exited(50, 1, null, {}, { student: '20202' })]);
  expect(tiles.get('20202')).toMatchObject({ lastMs: null, lastKind: null });
  const standing = [...tiles.values()].map((tile) => withStanding(tile, msAt(60)));
  expect(inOrder(standing, 'latest').map(({ tile }) => tile.student)).toEqual(['20201', '20202']);
});

test('an event is counted once, however often it arrives', () => {
  const save = saved(1);
  expect(after(after(CLASS, [save, save]), [save]).get('20201')?.counts.saves).toBe(6);
});

test('an event that the service had counted is not counted again, but drawn', () => {
  const tile = after(CLASS, [saved(0)]).get('20201');
  expect(tile?.counts.saves).toBe(5);
  expect(tile?.recent).toHaveLength(1);
});

test('the recent past is drawn, not counted, and does not flash', () => {
  const past = [saved(-30), saved(-20, {}, { student: '20202' })];
  const tiles = tilesWithPast(CLASS, past, null, msAt(0));
  const tile = tiles.get('20201');
  expect(tiles.size).toBe(1);
  expect(tile).toMatchObject({ counts: { saves: 5 }, beats: 0 });
  expect(tile?.recent).toHaveLength(1);
});

test('a tile beats once for each batch in which the student did something', () => {
  expect(after(CLASS, [saved(1), saved(2)]).get('20201')?.beats).toBe(1);
  expect(after(CLASS, [exited(1, 1, null)]).get('20201')?.beats).toBe(0);
});

test('a new reading replaces the counts and keeps the picture', () => {
  const tile = tilesOf([{ ...ROW, saves: 9 }], after(CLASS, [saved(1)])).get('20201');
  expect(tile?.counts.saves).toBe(9);
  expect(tile?.recent).toHaveLength(1);
});

test('a student seen for the first time gets a tile, an event of nobody gets none', () => {
  const tiles = after(CLASS, [saved(1, {}, { student: '20202' }), saved(1, {}, { student: '' })]);
  expect([...tiles.keys()]).toEqual(['20201', '20202']);
});

test('with an assignment chosen, others leave the tiles alone', () => {
  expect(after(CLASS, [saved(1, {}, { assignment: 'hw2' })], 'hw1')).toBe(CLASS);
  expect(after(CLASS, [saved(1)], 'hw1').get('20201')?.counts.saves).toBe(6);
});

test('what is too old leaves the picture', () => {
  const tile = tilesAfter(
    after(CLASS, [saved(1)]),
    [saved(RECENT_MS / 1_000 + 10)],
    null,
    msAt(RECENT_MS / 1_000 + 10),
  );
  expect(tile.get('20201')?.recent).toHaveLength(1);
});

test('who needs help stands first, longest in need before the others; the rest by number', () => {
  const about = (student: string) => ({ student });
  const tiles = after(new Map(), [
    saved(50, {}, about('7')),
    saved(50, {}, about('3')),
    exited(40, 1, RUN, SEGFAULT, about('2')),
    exited(20, 1, RUN, SEGFAULT, about('9')),
    started(10, 1, RUN, about('4')),
  ]);
  const standing = [...tiles.values()].map((tile) => withStanding(tile, msAt(60)));
  expect(inOrder(standing, 'attention').map(({ tile }) => tile.student)).toEqual(['9', '2', '4', '3', '7']);
  expect(inOrder(standing, 'student').map(({ tile }) => tile.student)).toEqual(['2', '3', '4', '7', '9']);
  expect(inOrder(standing, 'latest')[0]?.tile.student).toBe('3');
  expect(inOrder(standing, 'failures')[0]?.tile.student).toBe('2');
  expect(census(standing)).toMatchObject({ crashed: 2, running: 1, active: 2, idle: 0 });
});
