import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { saved } from '../state/events_fixture';
import { waitMs } from './backoff';
import { LiveSocket, type LiveListener } from './socket';

/** What a LiveSocket needs of a WebSocket, driven by hand. */
class Line {
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  close = vi.fn();
  say(frame: unknown): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

function dial() {
  const lines: Line[] = [];
  const listener = { opened: vi.fn(), events: vi.fn(), missed: vi.fn(), status: vi.fn() } satisfies LiveListener;
  const open = (): WebSocket => {
    const line = new Line();
    lines.push(line);
    return line as unknown as WebSocket;
  };
  const socket = new LiveSocket('ws://x', listener, { open, random: () => 1 });
  return { socket, listener, lines };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('everything is read anew each time the stream begins', () => {
  const { listener, lines } = dial();
  lines[0]?.say({ type: 'ready' });
  lines[0]?.onclose?.();
  vi.advanceTimersByTime(500);
  lines[1]?.say({ type: 'ready' });
  expect(listener.opened).toHaveBeenCalledTimes(2);
  expect(listener.status.mock.calls.flat()).toEqual(['connecting', 'live', 'waiting', 'connecting', 'live']);
});

test('a burst of events is handed over together, in order', () => {
  const { listener, lines } = dial();
  const burst = [saved(1), saved(2), saved(3)];
  for (const event of burst) lines[0]?.say({ type: 'event', event });
  expect(listener.events).not.toHaveBeenCalled();
  vi.runAllTimers();
  expect(listener.events.mock.calls).toEqual([[burst]]);
});

test('missed events are told, unknown frames are let pass', () => {
  const { listener, lines } = dial();
  lines[0]?.say({ type: 'greeting' });
  lines[0]?.say({ type: 'missed', count: 7 });
  expect(listener.missed).toHaveBeenCalledWith(7);
});

test('a line that stays dead is tried more and more rarely', () => {
  const { lines } = dial();
  for (const wait of [500, 1_000, 2_000]) {
    lines.at(-1)?.onclose?.();
    const before = lines.length;
    vi.advanceTimersByTime(wait - 1);
    expect(lines).toHaveLength(before);
    vi.advanceTimersByTime(1);
    expect(lines).toHaveLength(before + 1);
  }
});

test('waits double up to a limit, and chance spreads them over their second half', () => {
  expect([0, 1, 2, 10].map((attempt) => waitMs(attempt, 1))).toEqual([500, 1_000, 2_000, 15_000]);
  expect(waitMs(0, 0)).toBe(250);
});

test('a closed socket says nothing more and does not come back', () => {
  const { socket, listener, lines } = dial();
  lines[0]?.say({ type: 'event', event: saved(1) });
  socket.close();
  lines[0]?.onclose?.();
  vi.runAllTimers();
  expect(lines).toHaveLength(1);
  expect(listener.events).not.toHaveBeenCalled();
});
