import type { HitList } from './hits.ts';

/** Finds all literals in a part of a text. */
export interface Scanner {
  /**
   * Adds a hit for each literal that ends in `bytes[from, to)`, also for one that begins before `from`. The order of hits is
   * not defined. Pieces of a text give the hits of the whole.
   */
  scan(bytes: Uint8Array, from: number, to: number, hits: HitList): void;
  /** Memory that is scanned without a copy. Whoever reads files may fill it; the scanner itself never writes there. */
  readonly room?: Uint8Array | undefined;
}
