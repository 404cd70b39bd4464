/** The contents of files, by their SHA-256: they never change, so each is read once. */
import { readContent } from '../api/reads';

/** Enough to step through a file's versions and back without reading twice. */
const KEPT_MAX = 64;

const kept = new Map<string, Promise<Uint8Array>>();

export function contentOf(sha256: string): Promise<Uint8Array> {
  const known = kept.get(sha256);
  if (known !== undefined) return known;
  const reading = readContent(sha256);
  kept.set(sha256, reading);
  // What failed may succeed at the next try.
  reading.catch(() => kept.delete(sha256));
  const oldest = kept.keys().next().value;
  if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest);
  return reading;
}
