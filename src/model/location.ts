import type { Exposure, OriginPart } from './artifact.ts';

/**
 * A place in an artifact. Lines and columns are 1-based, columns count UTF-16 code units, the end column is exclusive.
 * Decoded content inside an encoded span is located at the span in the outermost text.
 */
export interface Location {
  readonly collector: string;
  readonly path: string;
  readonly part?: OriginPart;
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** Cell of a Jupyter notebook, from 1, in the order of the notebook. */
  readonly cell?: number;
  readonly repository?: string;
  readonly commit?: string;
  readonly blob?: string;
  readonly author?: string;
  readonly date?: string;
  readonly url?: string;
  readonly reachable?: boolean;
  readonly present?: boolean;
  /** Who can read the place; absent: nobody said. */
  readonly exposure?: Exposure;
  /** Decoders passed on the way to the value, outermost first. */
  readonly decoded?: readonly string[];
}

/**
 * Names the git object that a place is in: a blob's id, or which message it is. Empty where it is in none.
 */
export function objectOf({ blob, commit, part, path }: Location): string {
  if (blob !== undefined) return blob;
  return part === 'commit-message' || part === 'tag-message' ? `${part} ${path} ${commit ?? ''}` : '';
}

/** Stable order: path, line, column, then commit. */
export function compareLocations(a: Location, b: Location): number {
  return (
    compareText(a.path, b.path) ||
    a.startLine - b.startLine ||
    a.startColumn - b.startColumn ||
    compareText(a.commit ?? '', b.commit ?? '')
  );
}

/** Byte-wise order that does not depend on the machine's locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
