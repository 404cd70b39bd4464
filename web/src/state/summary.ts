/** What a stretch of a timeline amounts to. */
import type { Entry, ProcessEntry } from './entries';
import { isFailure } from './outcome';
import type { Tone } from './pulse';

export interface Summary {
  saves: number;
  builds: number;
  failedBuilds: number;
  runs: number;
  crashes: number;
  oomKills: number;
}

export function summaryOf(entries: readonly Entry[]): Summary {
  const builds = entries.filter((entry) => activityOf(entry) === 'build') as ProcessEntry[];
  const runs = entries.filter((entry) => activityOf(entry) === 'run') as ProcessEntry[];
  return {
    saves: entries.filter((entry) => entry.type === 'save').length,
    builds: builds.length,
    failedBuilds: builds.filter(({ outcome }) => isFailure(outcome)).length,
    runs: runs.length,
    crashes: runs.filter(({ outcome }) => outcome === 'crashed').length,
    oomKills: entries.filter((entry) => entry.type === 'other' && entry.event.kind === 'process.oom_killed').length,
  };
}

export const activityOf = (entry: Entry): 'build' | 'run' | null =>
  entry.type === 'process' ? (entry.activity?.type ?? null) : null;

/** How grave an entry is, for its colour. */
export function entryTone(entry: Entry): Tone | 'calm' | 'out_of_memory' {
  if (entry.type === 'save') return 'edit';
  if (entry.type === 'other') return otherTone(entry.event);
  switch (entry.outcome) {
    case 'succeeded':
      return 'good';
    case 'failed':
      return 'bad';
    case 'crashed':
      return 'grave';
    case 'out_of_memory':
      return 'out_of_memory';
    case 'running':
      return 'edit';
    case 'stopped':
    case 'unknown':
      return 'calm';
  }
}

function otherTone(event: Extract<Entry, { type: 'other' }>['event']): Tone | 'calm' | 'out_of_memory' {
  switch (event.kind) {
    case 'process.oom_killed':
      return 'out_of_memory';
    case 'identity.mismatched':
      return 'grave';
    case 'monitor.gap':
      return 'bad';
    case 'cell.executed':
      return event.body.succeeded ? 'good' : 'bad';
    default:
      return 'calm';
  }
}
