/** Each question the pages ask, by name. */
import type { Event } from '../events_gen';
import type { AssignmentRow, SectionKey, SectionRow, StudentKey, StudentRow, TimelinePage } from './answers';
import { readBytes, readJson, send, type Parameters } from './client';
import { Refused } from './errors';

/** Events a request: few enough to show the first page soon. */
const TIMELINE_PAGE_EVENTS = 2_000;
/** Enough for half an hour of a usual class in one request. */
const RECENT_PAGE_EVENTS = 10_000;

const pathOf = ({ course, section }: SectionKey): string =>
  `v1/sections/${encodeURIComponent(course)}-${encodeURIComponent(section)}`;

export async function readSections(): Promise<SectionRow[]> {
  return (await readJson<{ sections: SectionRow[] }>('v1/sections')).sections;
}

export async function readStudents(key: SectionKey, assignment: string | null): Promise<StudentRow[]> {
  return (await readJson<{ students: StudentRow[] }>(`${pathOf(key)}/students`, { assignment })).students;
}

export async function readAssignments(key: SectionKey): Promise<AssignmentRow[]> {
  return (await readJson<{ assignments: AssignmentRow[] }>(`${pathOf(key)}/assignments`)).assignments;
}

/** Everything of a section since a moment, of the kinds asked for: one page, unless very much happened. */
export function readRecent(key: SectionKey, from: string, kinds: readonly string[]): AsyncGenerator<Event[]> {
  const { course, section } = key;
  return readPages('v1/timeline', { course, section, from, kinds: kinds.join(','), limit: RECENT_PAGE_EVENTS });
}

/** The whole timeline of one student, oldest first, a page at a time. */
export function readTimeline({ course, section, student }: StudentKey): AsyncGenerator<Event[]> {
  return readPages('v1/timeline', { course, section, student, limit: TIMELINE_PAGE_EVENTS });
}

/** The gaps in what was seen on some nodes since a moment. */
export function readGaps(nodes: Iterable<string>, from: string): AsyncGenerator<Event[]> {
  const asked = { kinds: 'monitor.gap', node: [...nodes].join(','), from, limit: TIMELINE_PAGE_EVENTS };
  return readPages('v1/monitor', asked);
}

async function* readPages(path: string, asked: Parameters): AsyncGenerator<Event[]> {
  let after: string | null = null;
  do {
    const page: TimelinePage = await readJson<TimelinePage>(path, { ...asked, after });
    yield page.events;
    after = page.next;
  } while (after !== null);
}

export const readContent = (sha256: string): Promise<Uint8Array> => readBytes(`v1/contents/${sha256}`);

export const signIn = (token: string): Promise<void> => send('POST', 'v1/session', { token });

export const signOut = (): Promise<void> => send('DELETE', 'v1/session');

/** Whether the cookie still opens the service. */
export async function isSignedIn(): Promise<boolean> {
  try {
    await readJson('v1/session');
    return true;
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return false;
    throw error;
  }
}
