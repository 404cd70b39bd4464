import { expect, test } from 'vitest';
import { AWAY_MS, IDLE_MS, standingOf } from './condition';
import { digestOf } from './digest';
import { BUILD, exited, msAt, RUN, saved, SEGFAULT, started } from './events_fixture';

const FAILED = { exit_code: 1 };
const conditionAt = (seconds: number, ...story: Parameters<typeof digestOf>[0]) =>
  standingOf(digestOf(story), story.length ? Date.parse(story.at(-1)!.time) : null, msAt(seconds)).condition;

test('who works is active, then idle, then away', () => {
  expect(conditionAt(10, saved(0))).toBe('active');
  expect(conditionAt(IDLE_MS / 1_000, saved(0))).toBe('idle');
  expect(conditionAt(AWAY_MS / 1_000, saved(0))).toBe('away');
  expect(conditionAt(0)).toBe('away');
});

test('one failed build is everyday work, two are a pattern', () => {
  expect(conditionAt(20, exited(10, 1, BUILD, FAILED))).toBe('active');
  expect(conditionAt(30, exited(10, 1, BUILD, FAILED), exited(20, 2, BUILD, FAILED))).toBe('failing');
});

test('of two troubles the one that began last counts', () => {
  const [build, again] = [exited(1, 1, BUILD, FAILED), exited(2, 2, BUILD, FAILED)];
  expect(conditionAt(9, build, again, exited(3, 3, RUN, SEGFAULT))).toBe('crashed');
  expect(conditionAt(9, exited(0, 3, RUN, SEGFAULT), build, again)).toBe('failing');
});

test('trouble outweighs idleness, but not having left', () => {
  const story = [saved(0), exited(3, 3, RUN, SEGFAULT)];
  expect(conditionAt(600, ...story)).toBe('crashed');
  expect(conditionAt(3 + AWAY_MS / 1_000, ...story)).toBe('away');
});

test('a program that takes long is told, however long ago the last save was', () => {
  expect(conditionAt(5, started(0, 1, RUN))).toBe('active');
  expect(conditionAt(11, started(0, 1, RUN))).toBe('running');
  expect(conditionAt(60 + AWAY_MS / 1_000, started(0, 1, RUN))).toBe('running');
});
