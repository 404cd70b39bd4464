/** The list of sections, read anew from time to time. */
import type { SectionRow } from '../api/answers';
import { readSections } from '../api/reads';
import { SECOND_MS } from '../text/moments';
import { whileVisible } from './polling';
import { problemOf, type Problem } from './problem';

const REREAD_MS = 10 * SECOND_MS;

export class Sections {
  /** Null until first read. */
  rows = $state.raw<SectionRow[] | null>(null);
  problem = $state.raw<Problem | null>(null);
  readonly close: () => void;

  constructor() {
    void this.read();
    this.close = whileVisible(() => void this.read(), REREAD_MS);
  }

  async read(): Promise<void> {
    try {
      this.rows = await readSections();
      this.problem = null;
    } catch (error) {
      this.problem = problemOf('sections', error);
    }
  }
}
