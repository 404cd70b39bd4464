/** How a process ended, in the words of a teacher. */
import type { ProcessExited } from '../events_gen';

/**
 * `stopped` is an end from outside: the student pressed Ctrl-C, or something asked the program to go.
 * `crashed` is an end by the program's own fault. Both are by signal; only the second needs a teacher.
 */
export type Outcome = 'running' | 'succeeded' | 'failed' | 'crashed' | 'stopped' | 'out_of_memory' | 'unknown';

/** What the service counts as a crash: any end by signal, also one from outside. */
export const endedBySignal = (outcome: Outcome): boolean =>
  outcome === 'crashed' || outcome === 'out_of_memory' || outcome === 'stopped';

const FROM_OUTSIDE = new Set(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL', 'SIGQUIT', 'SIGPIPE', 'SIGALRM']);

export function outcomeOf(end: Pick<ProcessExited, 'exit_code' | 'signal' | 'oom_killed'>): Outcome {
  if (end.oom_killed) return 'out_of_memory';
  if (end.signal) return FROM_OUTSIDE.has(end.signal) ? 'stopped' : 'crashed';
  if (end.exit_code === 0) return 'succeeded';
  return typeof end.exit_code === 'number' ? 'failed' : 'unknown';
}
