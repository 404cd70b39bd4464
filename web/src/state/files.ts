/** The files a timeline tells of, with their versions. */
import type { Entry, SaveEntry } from './entries';

export interface SourceFile {
  key: string;
  assignment: string | null;
  path: string;
  /** Oldest first. Versions stay under the path they were saved at. */
  versions: SaveEntry[];
  gone: boolean;
  /** Where it was moved from, if it was. */
  movedFrom: string | null;
}

/** Give the files, those that exist before those that are gone, else by name. */
export function filesOf(entries: readonly Entry[]): SourceFile[] {
  const files = new Map<string, SourceFile>();
  for (const entry of entries) {
    if (entry.type === 'save') touch(files, entry.assignment, entry.event.body.path).versions.push(entry);
    if (entry.type !== 'other') continue;
    const { event } = entry;
    if (event.kind === 'file.deleted') touch(files, entry.assignment, event.body.path).gone = true;
    if (event.kind === 'file.moved') {
      touch(files, entry.assignment, event.body.path).gone = true;
      touch(files, entry.assignment, event.body.destination).movedFrom = event.body.path;
    }
  }
  return [...files.values()].sort(inOrder);
}

/** The file at a path, which exists from now on. */
function touch(files: Map<string, SourceFile>, assignment: string | null, path: string): SourceFile {
  const key = `${assignment ?? ''}/${path}`;
  const file = files.get(key) ?? { key, assignment, path, versions: [], gone: false, movedFrom: null };
  file.gone = false;
  files.set(key, file);
  return file;
}

const numeric = new Intl.Collator('en', { numeric: true });

function inOrder(a: SourceFile, b: SourceFile): number {
  if (a.gone !== b.gone) return a.gone ? 1 : -1;
  return numeric.compare(a.key, b.key);
}
