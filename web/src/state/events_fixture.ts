/** Events for tests, made by one small story at a time. */
import type { Build, Event, FileSaved, ProcessExited, Run } from '../events_gen';

export const START_MS = Date.parse('2026-03-02T01:00:00Z');

export const momentAt = (seconds: number): string =>
  new Date(START_MS + seconds * 1_000).toISOString().replace('Z', '000Z');

export const msAt = (seconds: number): number => START_MS + seconds * 1_000;

export const BUILD: Build = { type: 'build', family: 'gcc', language: 'c', sources: ['main.c'], output: 'main' };
export const RUN: Run = { type: 'run', target: 'main' };
export const SCRIPT: Run = { type: 'run', target: 'main.py', interpreter: 'python' };

let made = 0;

/** One event at `seconds` after the start of the story. */
export function event<Kind extends Event['kind']>(
  kind: Kind,
  seconds: number,
  body: Extract<Event, { kind: Kind }>['body'],
  about: { student?: string; assignment?: string | null; id?: string } = {},
): Extract<Event, { kind: Kind }> {
  made += 1;
  const { student = '20201', assignment = 'hw1', id = `e${made}` } = about;
  const subject = { course: 'os', section: '1', student, assignment };
  return { id, kind, time: momentAt(seconds), node: 'n1', agent: 'a1', seq: made, subject, body } as never;
}

type About = Parameters<typeof event>[3];

export const saved = (seconds: number, body: Partial<FileSaved> = {}, about?: About) =>
  event('file.saved', seconds, { path: 'main.c', size: 10, sha256: 'a'.repeat(64), how: 'closed', ...body }, about);

export const started = (seconds: number, pid: number, activity: Build | Run | null, about?: About) =>
  event('process.started', seconds, { pid, started: momentAt(seconds), activity }, about);

/** The end of a process that began `lasting` seconds before. */
export function exited(
  seconds: number,
  pid: number,
  activity: Build | Run | null,
  end: Partial<ProcessExited> = {},
  about?: About,
) {
  const lasting = (end.duration_us ?? 1_000_000) / 1_000_000;
  const body = { pid, started: momentAt(seconds - lasting), activity, duration_us: 1_000_000, exit_code: 0, ...end };
  return event('process.exited', seconds, body, about);
}

export const SEGFAULT: Partial<ProcessExited> = { exit_code: null, signal: 'SIGSEGV' };
export const OUT_OF_MEMORY: Partial<ProcessExited> = { exit_code: null, signal: 'SIGKILL', oom_killed: true };
export const CTRL_C: Partial<ProcessExited> = { exit_code: null, signal: 'SIGINT' };
