import { expect, test } from 'vitest';
import { isFailure, isFault, outcomeOf } from './outcome';

test.each([
  [{ exit_code: 0 }, 'succeeded'],
  [{ exit_code: 3 }, 'failed'],
  [{ exit_code: null, signal: 'SIGSEGV' }, 'crashed'],
  [{ exit_code: null, signal: 'SIGFPE' }, 'crashed'],
  [{ exit_code: null, signal: 'SIGINT' }, 'stopped'],
  [{ exit_code: null, signal: 'SIGKILL' }, 'stopped'],
  [{ exit_code: null, signal: 'SIGKILL', oom_killed: true }, 'out_of_memory'],
  [{}, 'unknown'],
] as const)('an end of %j is called %s', (end, outcome) => {
  expect(outcomeOf(end)).toBe(outcome);
});

test('a failure is an end with an error or by a fault, never one from outside', () => {
  expect((['failed', 'crashed', 'out_of_memory'] as const).every(isFailure)).toBe(true);
  expect((['succeeded', 'stopped', 'running', 'unknown'] as const).some(isFailure)).toBe(false);
  expect(isFault('failed')).toBe(false);
});
