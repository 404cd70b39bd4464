/** The small picture on a tile: what happened in each half minute of the last quarter of an hour. */
import type { Event } from '../events_gen';
import { milliseconds, MINUTE_MS, SECOND_MS } from '../text/moments';
import { outcomeOf } from './outcome';

export const PULSE_MS = 15 * MINUTE_MS;
const BIN_MS = 30 * SECOND_MS;
export const PULSE_BINS = PULSE_MS / BIN_MS;

/** From harmless to grave; a bin is drawn in its gravest. */
export const TONES = ['none', 'edit', 'good', 'bad', 'grave'] as const;
export type Tone = (typeof TONES)[number];

export interface Bin {
  count: number;
  tone: Tone;
}

/** The number of the bin a moment lies in. Borders stand still on the clock, so that bars do not flicker. */
export const binOf = (ms: number): number => Math.floor(ms / BIN_MS);

/** Bins from the oldest to the one numbered `newest`. */
export function pulseOf(recent: readonly Event[], newest: number): Bin[] {
  const bins: Bin[] = Array.from({ length: PULSE_BINS }, () => ({ count: 0, tone: 'none' }));
  for (const event of recent) {
    const bin = bins[PULSE_BINS - 1 - (newest - binOf(milliseconds(event.time)))];
    if (bin === undefined || event.kind === 'process.started') continue;
    bin.count += 1;
    bin.tone = graver(bin.tone, toneOf(event));
  }
  return bins;
}

export function toneOf(event: Event): Tone {
  if (event.kind === 'process.oom_killed') return 'grave';
  if (event.kind === 'cell.executed') return event.body.succeeded ? 'good' : 'bad';
  if (event.kind !== 'process.exited') return 'edit';
  switch (outcomeOf(event.body)) {
    case 'crashed':
    case 'out_of_memory':
      return 'grave';
    case 'failed':
      return 'bad';
    // Neither good nor bad: somebody ended it.
    case 'stopped':
      return 'edit';
    default:
      return 'good';
  }
}

const graver = (a: Tone, b: Tone): Tone => (TONES.indexOf(b) > TONES.indexOf(a) ? b : a);
