/** Durations and sizes in the unit that fits. */

/** The signs of longer units of time; ms and below are the same in every language. */
export interface Units {
  seconds: string;
  minutes: string;
  hours: string;
}

const KIB = 1024;

/** `184 µs`, `21 ms`, `1.84 s`, `12.4 s`, `3 min 05 s`, `2 h 07 min`. */
export function duration(us: number, units: Units): string {
  if (us < 1_000) return `${Math.round(us)} µs`;
  if (us < 999_500) return `${Math.round(us / 1_000)} ms`;
  const seconds = us / 1_000_000;
  if (seconds < 9.995) return seconds.toFixed(2) + units.seconds;
  if (seconds < 59.95) return seconds.toFixed(1) + units.seconds;
  const whole = Math.round(seconds);
  if (whole < 3_600) return `${Math.floor(whole / 60)}${units.minutes} ${twoDigits(whole % 60)}${units.seconds}`;
  return hoursAndMinutes(Math.round(seconds / 60), units);
}

/** A length of time for a glance, `25 s`, `4 min`, `1 h 05 min`. */
export function elapsed(ms: number, units: Units): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < 60) return seconds + units.seconds;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? minutes + units.minutes : hoursAndMinutes(minutes, units);
}

function hoursAndMinutes(minutes: number, units: Units): string {
  return `${Math.floor(minutes / 60)}${units.hours} ${twoDigits(minutes % 60)}${units.minutes}`;
}

/** `812 B`, `1.4 kB`, `256 MB`, with 1024 as the step, as `ls -h` has it. */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= KIB - 0.5 && unit < units.length - 1) {
    value /= KIB;
    unit += 1;
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** A change of size with its sign, `+34 B`, `−1.2 kB`, `±0 B`. */
export function sizeChange(bytes: number): string {
  const sign = bytes > 0 ? '+' : bytes < 0 ? '−' : '±';
  return sign + size(Math.abs(bytes));
}

const twoDigits = (n: number): string => String(n).padStart(2, '0');
