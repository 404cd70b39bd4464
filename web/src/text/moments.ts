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
  const format = new Intl.RelativeTimeFormat(language, { style: 'narrow', numeric: 'always' });
  if (age < MINUTE_MS) return format.format(-Math.floor(age / SECOND_MS), 'second');
  if (age < HOUR_MS) return format.format(-Math.floor(age / MINUTE_MS), 'minute');
  if (age < DAY_MS) return format.format(-Math.floor(age / HOUR_MS), 'hour');
  return format.format(-Math.floor(age / DAY_MS), 'day');
}

export function clockTime(ms: number, language: string): string {
  return format(language, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(ms);
}

export function shortTime(ms: number, language: string): string {
  return format(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(ms);
}

export function dateOf(ms: number, language: string): string {
  return format(language, { weekday: 'short', year: 'numeric', month: 'short', day: 'numeric' }).format(ms);
}

/** Date and time to the millisecond, for a tooltip. */
export function exactTime(ms: number, language: string): string {
  return format(language, { dateStyle: 'full', timeStyle: 'long' }).format(ms);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs far more than using one, and a timeline uses thousands. */
function format(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  let made = formats.get(key);
  if (made === undefined) formats.set(key, (made = new Intl.DateTimeFormat(language, options)));
  return made;
}
