/** The entries of a timeline: a process that started and ended is one, a save is one, all else as it came. */
import type { Build, Event, FileSavedEvent, ProcessExited, ProcessStarted, Run } from '../events_gen';
import { milliseconds } from '../text/moments';
import { outcomeOf, type Outcome } from './outcome';
import { isProcess, processKey, type ProcessEvent } from './processes';

interface Common {
  key: string;
  ms: number;
  assignment: string | null;
}

export interface ProcessEntry extends Common {
  type: 'process';
  activity: Build | Run | null;
  facts: ProcessStarted | ProcessExited;
  /** Null while it runs, and where its end was not seen. */
  end: ProcessExited | null;
  endMs: number | null;
  outcome: Outcome;
}

export interface SaveEntry extends Common {
  type: 'save';
  event: FileSavedEvent;
  /** Counts the versions of this path from 1. */
  version: number;
  /** Size of the version before; null for the first. */
  previousSize: number | null;
}

export interface OtherEntry extends Common {
  type: 'other';
  event: Exclude<Event, ProcessEvent | FileSavedEvent>;
}

export type Entry = ProcessEntry | SaveEntry | OtherEntry;

/** Give the entries of events that are in order of time, oldest first. */
export function entriesOf(events: readonly Event[]): Entry[] {
  const entries: Entry[] = [];
  const open = new Map<string, number>();
  const sizes = new Map<string, { version: number; size: number }>();
  for (const event of events) {
    if (isProcess(event)) addProcess(entries, open, event);
    else if (event.kind === 'file.saved') entries.push(saveEntry(event, sizes));
    else if (event.kind !== 'monitor.heartbeat') entries.push({ type: 'other', event, ...commonOf(event) });
  }
  return entries.sort((a, b) => a.ms - b.ms);
}

const commonOf = (event: Event): Common => ({
  key: event.id,
  ms: milliseconds(event.time),
  assignment: event.subject?.assignment ?? null,
});

function addProcess(entries: Entry[], open: Map<string, number>, event: ProcessEvent): void {
  const key = processKey(event);
  const at = open.get(key);
  const before = at === undefined ? undefined : entries[at];
  if (event.kind === 'process.exited') {
    open.delete(key);
    if (at !== undefined && before?.type === 'process') entries[at] = ended(before, event);
    else entries.push(ended(startOnly(event), event));
    return;
  }
  // The same process executes another program: as far as anyone can tell, the first one did its work.
  if (at !== undefined && before?.type === 'process') {
    entries[at] = { ...before, outcome: 'unknown', endMs: milliseconds(event.time) };
  }
  open.set(key, entries.push(startOnly(event)) - 1);
}

function startOnly(event: ProcessEvent): ProcessEntry {
  const common = commonOf(event);
  // Where only the end was seen, the start follows from it: the entry stands where the program began.
  const ms = event.kind === 'process.exited' ? common.ms - (event.body.duration_us ?? 0) / 1_000 : common.ms;
  const activity = event.body.activity ?? null;
  return { ...common, ms, type: 'process', activity, facts: event.body, end: null, endMs: null, outcome: 'running' };
}

function ended(entry: ProcessEntry, event: ProcessEvent & { kind: 'process.exited' }): ProcessEntry {
  return {
    ...entry,
    activity: event.body.activity ?? entry.activity,
    assignment: entry.assignment ?? event.subject?.assignment ?? null,
    facts: { ...entry.facts, ...event.body },
    end: event.body,
    endMs: milliseconds(event.time),
    outcome: outcomeOf(event.body),
  };
}

function saveEntry(event: FileSavedEvent, sizes: Map<string, { version: number; size: number }>): SaveEntry {
  const file = `${event.subject?.assignment ?? ''}/${event.body.path}`;
  const before = sizes.get(file);
  const version = (before?.version ?? 0) + 1;
  sizes.set(file, { version, size: event.body.size });
  return { type: 'save', event, version, previousSize: before?.size ?? null, ...commonOf(event) };
}
