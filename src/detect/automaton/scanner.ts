import type { HitList } from './hits.ts';

/** Finds all literals in a part of a text. */
export interface Scanner {
  /**
   * Adds a hit for each literal that ends in `bytes[from, to)`, also for one that begins before `from`. The order of
   * hits is not defined. Scanning a text in pieces finds the same hits as scanning it whole.
   */
  scan(bytes: Uint8Array, from: number, to: number, hits: HitList): void;
  /** Memory that is scanned without a copy. File readers may fill it. The scanner itself never writes there. */
  readonly room?: Uint8Array | undefined;
}
