/** Which start and which end belong to one process. */
import type { Event, ProcessExitedEvent, ProcessStartedEvent } from '../events_gen';

export type ProcessEvent = ProcessStartedEvent | ProcessExitedEvent;

export const isProcess = (event: Event): event is ProcessEvent =>
  event.kind === 'process.started' || event.kind === 'process.exited';

/** A pid means a process only together with its node and the moment it began. */
export const processKey = ({ node, body }: ProcessEvent): string => `${node}/${body.pid}/${body.started}`;
