/** What the last minutes of a student say, without judging yet. */
import type { Event, ProcessExitedEvent, ProcessStartedEvent } from '../events_gen';
import { milliseconds } from '../text/moments';
import { isFault, outcomeOf } from './outcome';
import { processKey } from './processes';

export interface Digest {
  /** The last thing done; null where nothing is recent. */
  last: Event | null;
  /** Builds (and scripts, whose errors show only when run) that failed since one last succeeded. */
  failedInRow: number;
  failingSinceMs: number | null;
  /** How the last run ended, where it ended by its own fault. */
  fault: { outcome: 'crashed' | 'out_of_memory'; sinceMs: number } | null;
  /** The start of the program that has been running longest. */
  running: ProcessStartedEvent | null;
}

const NOTHING: Digest = { last: null, failedInRow: 0, failingSinceMs: null, fault: null, running: null };

/** Read events in order of time. */
export function digestOf(recent: readonly Event[]): Digest {
  const open = new Map<string, ProcessStartedEvent>();
  let digest = NOTHING;
  for (const event of recent) {
    digest = { ...digest, last: event };
    if (event.kind === 'process.started') open.set(processKey(event), event);
    if (event.kind === 'process.oom_killed') digest = withFault(digest, 'out_of_memory', event);
    if (event.kind === 'process.exited') {
      open.delete(processKey(event));
      digest = afterEnd(digest, event);
    }
  }
  return { ...digest, running: longestRun(open.values()) };
}

function afterEnd(digest: Digest, end: ProcessExitedEvent): Digest {
  const { activity } = end.body;
  if (!activity) return digest;
  const outcome = outcomeOf(end.body);
  if (outcome === 'stopped' || outcome === 'unknown') return digest;
  const judged =
    activity.type === 'build' ? digest : isFault(outcome) ? withFault(digest, outcome, end) : { ...digest, fault: null };
  const tellsErrors = activity.type === 'build' || Boolean(activity.interpreter);
  return tellsErrors ? withResult(judged, outcome === 'succeeded', end) : judged;
}

function withFault(digest: Digest, outcome: 'crashed' | 'out_of_memory', event: Event): Digest {
  // The kernel's word on memory and the end of its victim are one fault, told twice.
  const same = digest.fault?.outcome === outcome;
  return {
    ...digest,
    fault: { outcome, sinceMs: same && digest.fault ? digest.fault.sinceMs : milliseconds(event.time) },
  };
}

function withResult(digest: Digest, succeeded: boolean, end: ProcessExitedEvent): Digest {
  if (succeeded) return { ...digest, failedInRow: 0, failingSinceMs: null };
  const failingSinceMs = digest.failingSinceMs ?? milliseconds(end.time);
  return { ...digest, failedInRow: digest.failedInRow + 1, failingSinceMs };
}

function longestRun(open: Iterable<ProcessStartedEvent>): ProcessStartedEvent | null {
  let longest: ProcessStartedEvent | null = null;
  for (const start of open) {
    if (start.body.activity?.type !== 'run') continue;
    if (longest === null || start.time < longest.time) longest = start;
  }
  return longest;
}
