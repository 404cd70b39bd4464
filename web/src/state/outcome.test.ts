import { expect, test } from 'vitest';
import { endedBySignal, outcomeOf } from './outcome';

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

test('every end by signal is counted as the service counts crashes', () => {
  expect((['crashed', 'stopped', 'out_of_memory'] as const).every(endedBySignal)).toBe(true);
  expect((['failed', 'succeeded', 'running'] as const).some(endedBySignal)).toBe(false);
});
