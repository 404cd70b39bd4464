import { expect, test } from 'vitest';
import { BUILD, CTRL_C, exited, msAt, RUN, saved, SEGFAULT, started } from './events_fixture';
import { binOf, PULSE_BINS, pulseOf } from './pulse';

test('the newest bin is the last, and a bin shows its gravest event', () => {
  const story = [saved(0), exited(1, 1, BUILD, { exit_code: 1 }), exited(31, 2, RUN, SEGFAULT), exited(32, 3, RUN)];
  const bins = pulseOf(story, binOf(msAt(40)));
  expect(bins).toHaveLength(PULSE_BINS);
  expect(bins.slice(-2)).toEqual([
    { count: 2, tone: 'bad' },
    { count: 2, tone: 'grave' },
  ]);
});

test('what somebody stopped is drawn as neither failed nor crashed', () => {
  expect(pulseOf([exited(0, 1, RUN, CTRL_C)], binOf(msAt(1))).at(-1)).toEqual({ count: 1, tone: 'edit' });
});

test('a start alone is not drawn, nor what is older than the picture', () => {
  const bins = pulseOf([saved(0), started(1_000, 1, RUN)], binOf(msAt(1_001)));
  expect(bins.every(({ count }) => count === 0)).toBe(true);
});
