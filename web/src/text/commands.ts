/** Commands and paths as a person would type them. */

const PLAIN_WORD = /^[\w@%+=:,./~^-]+$/;

/** In the contract's texts a backslash travels doubled, and a byte that is not UTF-8 as `\xHH`. */
export const shown = (text: string): string => text.replaceAll('\\\\', '\\');

/** The argument list as one line for a shell, quoted where needed. */
export function commandLine(argv: readonly string[]): string {
  return argv.map((word) => quoted(shown(word))).join(' ');
}

function quoted(word: string): string {
  return PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The last part of a path. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
