import { expect, test } from 'vitest';
import type { Event } from '../events_gen';
import { event, momentAt, saved } from './events_fixture';
import { presenceOf, withOwnGaps } from './gaps';

const gap = (seconds: number, node: string): Event => {
  const body = { stage: 'kernel', reason: 'ring_full', since: momentAt(seconds - 1), until: momentAt(seconds) };
  return { ...event('monitor.gap', seconds, body), subject: null, node };
};

test('gaps of the nodes on which the student was seen are told, from the first event on', () => {
  const moved = { ...saved(30), node: 'n2' };
  const [before, own, foreign, other] = [gap(5, 'n1'), gap(15, 'n1'), gap(20, 'n3'), gap(40, 'n2')];
  const first = saved(10);
  expect(withOwnGaps([before, first, own, foreign, moved, other])).toEqual([first, own, moved, other]);
});

test('who was never seen has no gaps', () => {
  expect(presenceOf([gap(5, 'n1')])).toBeNull();
  expect(withOwnGaps([gap(5, 'n1')])).toEqual([]);
});

test('a gap that names the student is an event of the student', () => {
  const named = event('monitor.gap', 5, gap(5, 'n1').body as never);
  expect(withOwnGaps([named])).toEqual([named]);
});
