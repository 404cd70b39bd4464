import { expect, test } from 'vitest';
import { digestOf } from './digest';
import { BUILD, CTRL_C, event, exited, msAt, OUT_OF_MEMORY, RUN, saved, SCRIPT, SEGFAULT, started } from './events_fixture';

const FAILED = { exit_code: 1 };

test('failed builds are counted in a row, from the first on, until one succeeds', () => {
  const story = [exited(10, 1, BUILD, FAILED), saved(15), exited(20, 2, BUILD, FAILED)];
  expect(digestOf(story)).toMatchObject({ failedInRow: 2, failingSinceMs: msAt(10) });
  expect(digestOf([...story, exited(30, 3, BUILD)])).toMatchObject({ failedInRow: 0, failingSinceMs: null });
});

test('a script that ends with an error counts like a failed build, a compiled program does not', () => {
  expect(digestOf([exited(1, 1, SCRIPT, FAILED), exited(2, 2, SCRIPT, FAILED)]).failedInRow).toBe(2);
  expect(digestOf([exited(1, 1, RUN, FAILED), exited(2, 2, RUN, FAILED)]).failedInRow).toBe(0);
});

test('a crash stands until a run ends otherwise, builds and saves do not clear it', () => {
  const story = [exited(10, 1, RUN, SEGFAULT), saved(20), exited(30, 2, BUILD)];
  expect(digestOf(story).fault).toEqual({ outcome: 'crashed', sinceMs: msAt(10) });
  expect(digestOf([...story, exited(40, 3, RUN, { exit_code: 3 })]).fault).toBeNull();
});

test('Ctrl-C is no crash and clears none', () => {
  const interrupted = exited(20, 2, RUN, CTRL_C);
  expect(digestOf([interrupted]).fault).toBeNull();
  expect(digestOf([exited(10, 1, RUN, SEGFAULT), interrupted]).fault).not.toBeNull();
});

test('the kill for memory and the end of its victim are one fault', () => {
  const kill = event('process.oom_killed', 10, { pid: 1, comm: 'main', activity: RUN });
  expect(digestOf([kill, exited(11, 1, RUN, OUT_OF_MEMORY)]).fault).toEqual({
    outcome: 'out_of_memory',
    sinceMs: msAt(10),
  });
});

test('the program that runs longest is told, builds and ended programs are not', () => {
  const [first, second] = [started(10, 1, RUN), started(20, 2, RUN)];
  expect(digestOf([started(5, 9, BUILD), first, second]).running).toBe(first);
  expect(digestOf([first, second, exited(30, 1, RUN, { duration_us: 20_000_000 })]).running).toBe(second);
});
