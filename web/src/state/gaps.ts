/** Gaps in what was seen: they belong to a node, and so to whoever worked there. Pure. */
import type { Event } from '../events_gen';

/** Where and since when a student was seen. */
export interface Presence {
  nodes: ReadonlySet<string>;
  since: string;
}

const isGap = (event: Event): boolean => event.kind === 'monitor.gap' && !event.subject?.student;

/** Read events in order of time; null where the student was never seen. */
export function presenceOf(events: readonly Event[]): Presence | null {
  const own = events.filter((event) => !isGap(event));
  return own[0] ? { nodes: new Set(own.map(({ node }) => node)), since: own[0].time } : null;
}

/** A student's events with the gaps that may hide some of them: of the student's nodes, since the first event. */
export function withOwnGaps(events: readonly Event[]): readonly Event[] {
  const presence = presenceOf(events);
  return events.filter(
    (event) => !isGap(event) || (presence?.nodes.has(event.node) && event.time >= presence.since),
  );
}
