/** What arrives on the live socket. */
import type { Event } from '../events_gen';

export type Frame = { type: 'ready' } | { type: 'missed'; count: number } | { type: 'event'; event: Event };

/** Read one text frame; null where it is none of ours, as a newer service may say more. */
export function frameOf(text: string): Frame | null {
  const frame = JSON.parse(text) as { type?: unknown };
  switch (frame.type) {
    case 'ready':
    case 'missed':
    case 'event':
      return frame as Frame;
    default:
      return null;
  }
}
