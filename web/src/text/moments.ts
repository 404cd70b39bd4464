/** Moments and lengths of time, as people read them. */

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Younger than this is "now": the clocks of nodes and readers differ by about as much. */
const NOW_MS = 3 * SECOND_MS;
/** Older than this is told as a date. */
const DATE_MS = 7 * DAY_MS;

export const milliseconds = (moment: string): number => Date.parse(moment);

/** How long ago, coarser with age; `now` is the word for the last few seconds. */
export function relativeTime(thenMs: number, nowMs: number, language: string, now: string): string {
  const age = Math.max(0, nowMs - thenMs);
  if (age < NOW_MS) return now;
  if (age >= DATE_MS) return dateOf(thenMs, language);
  const ago = relativeFormat(language);
  if (age < MINUTE_MS) return ago.format(-Math.floor(age / SECOND_MS), 'second');
  if (age < HOUR_MS) return ago.format(-Math.floor(age / MINUTE_MS), 'minute');
  if (age < DAY_MS) return ago.format(-Math.floor(age / HOUR_MS), 'hour');
  return ago.format(-Math.floor(age / DAY_MS), 'day');
}

export const clockTime = (ms: number, language: string): string => clockFormat(language).format(ms);

export const shortTime = (ms: number, language: string): string => shortFormat(language).format(ms);

export const dateOf = (ms: number, language: string): string => dateFormat(language).format(ms);

/** Date and time to the second with the zone, for a tooltip. */
export const exactTime = (ms: number, language: string): string => exactFormat(language).format(ms);

/** Making a format costs far more than using one, and a page uses thousands: each is made once. */
function once<Key, Format>(make: (key: Key) => Format): (key: Key) => Format {
  const made = new Map<Key, Format>();
  return (key) => {
    const known = made.get(key) ?? make(key);
    made.set(key, known);
    return known;
  };
}

const relativeFormat = once(
  (language: string) => new Intl.RelativeTimeFormat(language, { style: 'narrow', numeric: 'always' }),
);

const clockFormat = once(
  (language: string) =>
    new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }),
);

const shortFormat = once(
  (language: string) => new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
);

const dateFormat = once(
  (language: string) =>
    new Intl.DateTimeFormat(language, { weekday: 'short', year: 'numeric', month: 'short', day: 'numeric' }),
);

const exactFormat = once(
  (language: string) => new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'long' }),
);
