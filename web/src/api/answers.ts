/** What the service answers, as far as the pages read it. */
import type { Event } from '../events_gen';

export interface SectionRow {
  course: string;
  section: string;
  students: number;
  events: number;
  last_activity: string | null;
}

export interface StudentRow {
  student: string;
  last_activity: string | null;
  last_kind: string | null;
  assignment: string | null;
  saves: number;
  builds: number;
  failed_builds: number;
  runs: number;
  failed_runs: number;
  crashes: number;
  oom_kills: number;
}

export interface AssignmentRow {
  assignment: string;
  students: number;
  saves: number;
  builds: number;
  runs: number;
  first_activity: string | null;
  last_activity: string | null;
}

export interface TimelinePage {
  events: Event[];
  next: string | null;
}

/** A section of a course, as the service's addresses name it. */
export interface SectionKey {
  course: string;
  section: string;
}

export interface StudentKey extends SectionKey {
  student: string;
}
