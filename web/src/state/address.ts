/** Which page is asked for: the part of the address after `#`. */
import type { SectionKey, StudentKey } from '../api/answers';

export type Place =
  { page: 'sections' } | ({ page: 'class' } & SectionKey) | ({ page: 'student' } & StudentKey) | { page: 'unknown' };

export interface Address {
  place: Place;
  /** What narrows or orders the page; kept in the address, so that a view can be sent to a colleague. */
  choices: URLSearchParams;
}

/** Read `#/os-1/20201234?assignment=hw1`. A section is what follows the last hyphen. */
export function addressFrom(hash: string): Address {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2);
  return { place: placeFrom(path), choices: new URLSearchParams(query) };
}

function placeFrom(path: string): Place {
  const [, first = '', student = '', ...more] = path.split('/').map(decoded);
  if (first === '') return { page: 'sections' };
  const hyphen = first.lastIndexOf('-');
  const key = { course: first.slice(0, hyphen), section: first.slice(hyphen + 1) };
  if (hyphen < 1 || key.section === '' || more.length > 0) return { page: 'unknown' };
  return student === '' ? { page: 'class', ...key } : { page: 'student', ...key, student };
}

export function hashOf(place: Place, choices?: URLSearchParams): string {
  const query = choices?.toString() ? `?${choices}` : '';
  return `#/${pathOf(place)}${query}`;
}

function pathOf(place: Place): string {
  if (place.page === 'sections' || place.page === 'unknown') return '';
  const first = `${encodeURIComponent(place.course)}-${encodeURIComponent(place.section)}`;
  return place.page === 'class' ? first : `${first}/${encodeURIComponent(place.student)}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A lone % typed by hand: take it as it stands.
    return part;
  }
}
