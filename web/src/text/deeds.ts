/** An event in a few words, for a tile. */
import type { Event, ProcessExited, ProcessOomKilled, ProcessStarted } from '../events_gen';
import type { Words } from '../i18n/en';
import { outcomeOf } from '../state/outcome';
import { baseName, shown } from './commands';

/** Say what was done; what a tile has no words for is told by its kind alone. */
export function deedOf(event: Event, words: Words): string {
  const { deeds } = words;
  switch (event.kind) {
    case 'file.saved':
      return deeds.saved(shown(event.body.path));
    case 'file.deleted':
      return deeds.deleted(shown(event.body.path));
    case 'file.moved':
      return deeds.moved(shown(event.body.path), shown(event.body.destination));
    case 'cell.executed':
      return (event.body.succeeded ? deeds.cell : deeds.cellFailed)(shown(event.body.path));
    case 'process.oom_killed':
      return deeds.outOfMemory(targetOf(event.body));
    case 'process.started':
      return (isBuild(event.body) ? deeds.building : deeds.running)(targetOf(event.body));
    case 'process.exited':
      return endOf(event.body, words);
    default:
      return kindOnly(event.kind, words);
  }
}

/** Where only the kind of the last event is known. */
export function kindOnly(kind: string, { deeds }: Words): string {
  const family = kind.split('.')[0];
  return family === 'file' || family === 'process' || family === 'cell' ? deeds.kinds[family] : deeds.kinds.other;
}

function endOf(body: ProcessExited, { deeds }: Words): string {
  const what = targetOf(body);
  const outcome = outcomeOf(body);
  if (outcome === 'out_of_memory') return deeds.outOfMemory(what);
  if (body.signal) return deeds.signalled(what, body.signal);
  if (isBuild(body)) return (outcome === 'succeeded' ? deeds.built : deeds.buildFailed)(what);
  return outcome === 'failed' ? deeds.runFailed(what, body.exit_code ?? 0) : deeds.ran(what);
}

type About = Pick<ProcessStarted | ProcessOomKilled, 'activity' | 'comm' | 'exe'>;

const isBuild = ({ activity }: About): boolean => activity?.type === 'build';

/** What was built or run: for a build its sources, as these are what the student thinks of. */
export function targetOf({ activity, comm, exe }: About): string {
  if (activity?.type === 'run') return shown(activity.target);
  if (activity?.type === 'build') return shown(activity.sources?.join(' ') || activity.output || activity.family);
  return shown(baseName(exe ?? '') || comm || '?');
}
