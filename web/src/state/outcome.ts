/** How a process ended, in the words of a teacher. */
import type { ProcessExited } from '../events_gen';

/**
 * `stopped` is an end from outside: the student pressed Ctrl-C, or something asked the program to go.
 * `crashed` is an end by the program's own fault. Both are by signal; only the second is counted.
 */
export type Outcome = 'running' | 'succeeded' | 'failed' | 'crashed' | 'stopped' | 'out_of_memory' | 'unknown';

/** What is counted as failed. */
export const isFailure = (outcome: Outcome): boolean => outcome === 'failed' || isFault(outcome);

/** Whether a program ended by its own fault, with a crash or for want of memory. */
export const isFault = (outcome: Outcome): outcome is 'crashed' | 'out_of_memory' =>
  outcome === 'crashed' || outcome === 'out_of_memory';

/** Signals by which somebody stops a program. The service has the same (`ingest/outcome.py`): both sides count. */
const FROM_OUTSIDE = new Set(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL', 'SIGQUIT', 'SIGPIPE', 'SIGALRM']);

export function outcomeOf(end: Pick<ProcessExited, 'exit_code' | 'signal' | 'oom_killed'>): Outcome {
  if (end.oom_killed) return 'out_of_memory';
  if (end.signal) return FROM_OUTSIDE.has(end.signal) ? 'stopped' : 'crashed';
  if (end.exit_code === 0) return 'succeeded';
  return typeof end.exit_code === 'number' ? 'failed' : 'unknown';
}
