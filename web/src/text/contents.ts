/** The bytes of a file as text. */

/** Old Korean sources are often in this encoding. */
const OTHER_ENCODING = 'euc-kr';

/** Give the text, or null where the bytes are no text in an encoding we know. */
export function textOf(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  for (const encoding of ['utf-8', OTHER_ENCODING]) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      // Not in this encoding: the next may fit.
    }
  }
  return null;
}
