/** Which entries of a timeline are shown. */
import type { Entry } from './entries';
import { isFault } from './outcome';

export const GROUPS = ['saves', 'builds', 'runs', 'crashes', 'files', 'gaps'] as const;
export type Group = (typeof GROUPS)[number];

export interface Filter {
  /** Null shows all assignments. */
  assignment: string | null;
  /** Empty shows all groups. */
  groups: ReadonlySet<Group>;
  /** Programs that are neither a build nor a run of the student's: shells, git, parts of the compiler. */
  helpers: boolean;
}

/** An entry may belong to several groups: a run that crashed is a run and a crash. */
export function groupsOf(entry: Entry): Group[] {
  if (entry.type === 'save') return ['saves'];
  if (entry.type === 'process') {
    const kind: Group[] = entry.activity === null ? [] : [entry.activity.type === 'build' ? 'builds' : 'runs'];
    return kind.length > 0 && isFault(entry.outcome) ? [...kind, 'crashes'] : kind;
  }
  switch (entry.event.kind) {
    case 'process.oom_killed':
      return ['crashes'];
    case 'file.deleted':
    case 'file.moved':
      return ['files'];
    case 'cell.executed':
      return ['runs'];
    case 'monitor.gap':
    case 'monitor.started':
    case 'monitor.stopped':
      return ['gaps'];
    default:
      return [];
  }
}

export function isShown(entry: Entry, filter: Filter): boolean {
  if (entry.type === 'process' && entry.activity === null && !filter.helpers) return false;
  if (!belongs(entry, filter.assignment)) return false;
  return filter.groups.size === 0 || groupsOf(entry).some((group) => filter.groups.has(group));
}

/** What has no assignment, such as a gap, concerns every one. */
function belongs(entry: Entry, assignment: string | null): boolean {
  if (assignment === null || entry.assignment === assignment) return true;
  return entry.assignment === null && entry.type === 'other';
}

/** How many entries each group has, the group filter left aside. */
export function groupCounts(entries: readonly Entry[], filter: Filter): Record<Group, number> {
  const counts = Object.fromEntries(GROUPS.map((group) => [group, 0])) as Record<Group, number>;
  for (const entry of entries) {
    if (!isShown(entry, { ...filter, groups: new Set() })) continue;
    for (const group of groupsOf(entry)) counts[group] += 1;
  }
  return counts;
}

export const assignmentsOf = (entries: readonly Entry[]): string[] =>
  [...new Set(entries.flatMap(({ assignment }) => assignment ?? []))].sort(numeric.compare);

const numeric = new Intl.Collator('en', { numeric: true });
