import type { Writer } from '../events_gen';
import type { Words } from '../i18n/en';

/** What kind of program wrote, and who, where it was not the workspace's own student. */
export function authorship(writer: Writer | undefined, words: Words): string {
  return [words.roles[writer?.role ?? 'unknown'], stranger(writer, words)].filter(Boolean).join(' · ');
}

/** Who wrote, where it was not the workspace's own student; empty where it was, or nobody can know. */
export function stranger(writer: Writer | undefined, { entry }: Words): string {
  const { student, whose, identity } = writer ?? {};
  const who = student ? entry.otherStudent(student) : whose === 'machine' ? entry.fromMachine : '';
  return [who, identity === 'mismatch' ? entry.falseName : ''].filter(Boolean).join(', ');
}
