/** Numbers of the pack format (https://git-scm.com/docs/pack-format) and limits that every reader of packs keeps to. */

/** First four bytes of a pack index of version 2 or later. */
export const INDEX_MAGIC = 0xff744f63;
/** Magic and version of a pack index. */
export const INDEX_HEADER_BYTES = 8;
/** For each first byte of an id, four bytes: how many ids come up to it. */
export const FANOUT_BYTES = 1024;
/** A four-byte place with this bit set is a number in the table of eight-byte places. */
export const LARGE_OFFSET = 0x80000000;
/** Magic, version and number of objects of a pack. */
export const PACK_HEADER_BYTES = 12;
/** Git writes chains of at most 50 deltas, 250 where the user asks it to be aggressive. */
export const LONGEST_CHAIN = 250;

const PACK_MAGIC = 0x5041434b;

/** Whether a file starts as a pack of a version that we read does. */
export function isPackHeader(header: Buffer): boolean {
  const version = header.readUInt32BE(4);
  return header.readUInt32BE(0) === PACK_MAGIC && (version === 2 || version === 3);
}
