/** Numbers of the pack format (https://git-scm.com/docs/pack-format), and limits that every reader of packs keeps. */

/** First four bytes of a pack index of version 2 or later. */
export const INDEX_MAGIC = 0xff744f63;
/** Magic and version of a pack index. */
export const INDEX_HEADER_BYTES = 8;
/** The table that says, for each first byte, how many ids begin with that byte or a smaller one. Four bytes each. */
export const FANOUT_BYTES = 1024;
/** An offset of four bytes with this bit set is an index into the table of eight-byte offsets. */
export const LARGE_OFFSET = 0x80000000;
/** Magic, version and number of objects of a pack. */
export const PACK_HEADER_BYTES = 12;
/** Git writes chains of at most 50 deltas, or 250 with `--aggressive`. */
export const LONGEST_CHAIN = 250;

const PACK_MAGIC = 0x5041434b;

/** True if a file starts like a pack of a version that we read. */
export function isPackHeader(header: Buffer): boolean {
  const version = header.readUInt32BE(4);
  return header.readUInt32BE(0) === PACK_MAGIC && (version === 2 || version === 3);
}
