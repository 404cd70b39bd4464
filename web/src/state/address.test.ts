import { expect, test } from 'vitest';
import { addressFrom, hashOf, type Place } from './address';

test.each<[string, Place]>([
  ['', { page: 'sections' }],
  ['#/', { page: 'sections' }],
  ['#/os-1', { page: 'class', course: 'os', section: '1' }],
  ['#/cs-101-2', { page: 'class', course: 'cs-101', section: '2' }],
  ['#/os-1/20201', { page: 'student', course: 'os', section: '1', student: '20201' }],
  ['#/os', { page: 'unknown' }],
  ['#/os-1/20201/x', { page: 'unknown' }],
  ['#/%-%/1', { page: 'student', course: '%', section: '%', student: '1' }],
])('%s leads to %j', (hash, place) => {
  expect(addressFrom(hash).place).toEqual(place);
});

test('an address that was made is read back, whatever the names hold', () => {
  const place: Place = { page: 'student', course: '운영/체제', section: '가?1', student: '2#3' };
  const choices = new URLSearchParams({ assignment: 'hw 1&2', order: 'oldest' });
  const back = addressFrom(hashOf(place, choices));
  expect(back.place).toEqual(place);
  expect([...back.choices]).toEqual([...choices]);
});
