import { expect, test } from 'vitest';
import { BUILD, event, exited, OUT_OF_MEMORY, RUN, saved, SEGFAULT, started } from '../state/events_fixture';
import { en } from '../i18n/en';
import { duration, elapsed, size, sizeChange } from './amounts';
import { commandLine, shown } from './commands';
import { textOf } from './contents';
import { deedOf, kindOnly } from './deeds';
import { relativeTime } from './moments';
import { authorship, stranger } from './writers';

test.each([
  [0, '0 µs'],
  [184, '184 µs'],
  [999_499, '999 ms'],
  [999_500, '1.00 s'],
  [9_994_999, '9.99 s'],
  [12_400_000, '12.4 s'],
  [59_950_000, '1 min 00 s'],
  [185_000_000, '3 min 05 s'],
  [7_620_000_000, '2 h 07 min'],
])('%i µs is %s', (us, text) => {
  expect(duration(us, en.units)).toBe(text);
});

test.each([
  [-5, '0 s'],
  [59_999, '59 s'],
  [240_000, '4 min'],
  [3_900_000, '1 h 05 min'],
])('%i ms elapsed are %s', (ms, text) => {
  expect(elapsed(ms, en.units)).toBe(text);
});

test.each([
  [812, '812 B'],
  [1_023.6, '1.0 kB'],
  [1_434, '1.4 kB'],
  [268_435_456, '256 MB'],
])('%i bytes are %s', (bytes, text) => {
  expect(size(bytes)).toBe(text);
});

test('a change of size carries its sign', () => {
  expect([34, -1_229, 0].map(sizeChange)).toEqual(['+34 B', '−1.2 kB', '±0 B']);
});

test.each([
  [1, 'en', 'now'],
  [12, 'en', '12s ago'],
  [300, 'en', '5m ago'],
  [7_200, 'en', '2h ago'],
  [-30, 'en', 'now'],
  [300, 'ko', '5분 전'],
])('%i seconds ago in %s is %s', (seconds, language, text) => {
  expect(relativeTime(1e12 - seconds * 1_000, 1e12, language, 'now')).toBe(text);
});

test('what is older than a week is told as a date', () => {
  expect(relativeTime(Date.UTC(2026, 2, 2, 12), Date.UTC(2026, 3, 2), 'en', 'now')).toBe('Mon, Mar 2, 2026');
});

test('a command is quoted where a shell would need it', () => {
  expect(commandLine(['gcc', '-Wall', 'my file.c', "it's", ''])).toBe(`gcc -Wall 'my file.c' 'it'\\''s' ''`);
});

test('a backslash travels doubled and is shown once', () => {
  expect(shown('a\\\\b\\xFF')).toBe('a\\b\\xFF');
});

test('contents are read as UTF-8, else as EUC-KR, else not as text', () => {
  expect(textOf(new TextEncoder().encode('한글'))).toBe('한글');
  expect(textOf(new Uint8Array([0xc7, 0xd1, 0xb1, 0xdb]))).toBe('한글');
  expect(textOf(new Uint8Array([0x7f, 0x45, 0x00]))).toBeNull();
});

test.each([
  [saved(1), 'saved main.c'],
  [started(1, 1, BUILD), 'building main.c'],
  [exited(1, 1, BUILD), 'built main.c'],
  [exited(1, 1, BUILD, { exit_code: 1 }), 'build of main.c failed'],
  [exited(1, 1, RUN), 'ran main'],
  [exited(1, 1, RUN, { exit_code: 3 }), 'main ended with exit code 3'],
  [exited(1, 1, RUN, SEGFAULT), 'main ended by SIGSEGV'],
  [exited(1, 1, RUN, OUT_OF_MEMORY), 'main ran out of memory'],
  [event('process.oom_killed', 1, { pid: 1, comm: 'hog' }), 'hog ran out of memory'],
])('a deed is told in a few words', (deed, text) => {
  expect(deedOf(deed, en)).toBe(text);
});

test('where only the kind is known, the kind is told', () => {
  expect(kindOnly('file.saved', en)).toBe('worked on a file');
  expect(kindOnly('screen.shared', en)).toBe('was seen');
});

test.each([
  [undefined, ''],
  [{ whose: 'owner', identity: 'pinned' } as const, ''],
  [{ whose: 'another', student: '2', identity: 'pinned' } as const, 'by student 2'],
  [{ whose: 'machine' } as const, 'by a program in no student’s container'],
  [{ whose: 'another', student: '2', identity: 'mismatch' } as const, 'by student 2, from a container that claims another name'],
])('whoever wrote in place of the owner is named: %o', (writer, text) => {
  expect(stranger(writer, en)).toBe(text);
});

test('a program is named with who ran it in place of the owner', () => {
  expect(authorship({ role: 'copy', whose: 'owner' }, en)).toBe('copy');
  expect(authorship({ role: 'copy', student: '2', whose: 'another' }, en)).toBe('copy · by student 2');
});
