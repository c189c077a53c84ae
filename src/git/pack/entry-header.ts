import type { ObjectType } from '../objects/cat-file.ts';

/** A delta that names its base by the distance back to it. */
export const OFS_DELTA = 6;
/** A delta that names its base by its id. */
export const REF_DELTA = 7;
/** Enough bytes for the type, the size and the base of any entry. */
export const LONGEST_ENTRY_HEADER = 64;
/** The object type for each type number of an entry. */
export const ENTRY_TYPES: readonly (ObjectType | undefined)[] = [undefined, 'commit', 'tree', 'blob', 'tag'];

/** The header of an entry in a pack. */
export interface EntryHeader {
  readonly type: number;
  /** Inflated bytes of the object, or of the delta. `MAX_SAFE_INTEGER` where the entry claims more than that. */
  readonly size: number;
  /** Where the header ends in the given bytes. */
  readonly end: number;
}

/** Reads type and size of an entry (https://git-scm.com/docs/pack-format). Bytes past the end count as zero. */
export function readEntryHeader(bytes: Uint8Array): EntryHeader {
  let byte = bytes[0] ?? 0;
  const type = (byte >> 4) & 7;
  let size = byte & 15;
  let end = 1;
  for (let scale = 16; byte >= 128; scale *= 128) {
    byte = bytes[end] ?? 0;
    end += 1;
    size += (byte & 127) * scale;
  }
  return { type, size: Number.isSafeInteger(size) ? size : Number.MAX_SAFE_INTEGER, end };
}

/**
 * Reads the distance from a delta back to its base. Each continuation byte adds one. Bytes past the end count as zero.
 */
export function readBaseDistance(
  bytes: Uint8Array,
  start: number,
): { readonly distance: number; readonly end: number } {
  let byte = bytes[start] ?? 0;
  let end = start + 1;
  let distance = byte & 127;
  while (byte >= 128) {
    byte = bytes[end] ?? 0;
    end += 1;
    distance = (distance + 1) * 128 + (byte & 127);
  }
  return { distance, end };
}
