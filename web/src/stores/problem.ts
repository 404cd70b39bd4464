/** A failure in words: what could not be done, and why. */
import { Refused, Unreachable } from '../api/errors';
import type { Words } from '../i18n/en';
import { session } from './session.svelte';

export interface Problem {
  what: keyof Words['failure'];
  /** The service's own line; null where it gave no answer. */
  reason: string | null;
}

/** Make a problem of an error of the API; null where the sign-in page takes over. Other errors are ours: they pass. */
export function problemOf(what: Problem['what'], error: unknown): Problem | null {
  if (session.notice(error)) return null;
  if (error instanceof Refused) return { what, reason: error.reason };
  if (error instanceof Unreachable) return { what, reason: null };
  throw error;
}
