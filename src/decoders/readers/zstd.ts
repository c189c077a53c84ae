import type { Decompress } from 'fzstd';
import { type ByteSink, UnpackError } from '../shared/byte-sink.ts';

const MAGIC = 0xfd2fb528;
/** Frames of other data: sixteen magic numbers. */
const SKIPPABLE = 0x184d2a50;
const BLOCK = 128 * 1024;
/** Bytes that the library may move: it shifts its window at every block. A few seconds of work. */
const MOST_MOVED = 2 ** 34;

/** A frame, by its header and the lengths of its blocks. */
interface Frame {
  readonly end: number;
  readonly blocks: number;
  /** Where the first block begins. */
  readonly data: number;
  readonly hasChecksum: boolean;
  readonly window: number;
  readonly hasDictionary: boolean;
}

/**
 * Unpacks Zstandard frames that follow each other (RFC 8878) with `fzstd`. The library believes the size of the window
 * that a frame states, up to 2 GB: it is given a header that states no more than the blocks can fill.
 */
export function unpackZstd(decompressor: typeof Decompress): (bytes: Uint8Array, sink: ByteSink) => number {
  return (bytes, sink) => {
    let at = 0;
    for (;;) {
      const magic = at + 8 <= bytes.length ? uint32(bytes, at) : 0;
      if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) {
        at = Math.min(bytes.length, at + 8 + uint32(bytes, at + 4));
      } else if (magic === MAGIC) {
        const frame = readFrame(bytes, at);
        unpackFrame(decompressor, bytes, frame, sink);
        at = frame.end;
      } else return at;
    }
  };
}

function unpackFrame(decompressor: typeof Decompress, bytes: Uint8Array, frame: Frame, sink: ByteSink): void {
  if (frame.hasDictionary) throw new UnpackError('unsupported', 'needs a dictionary');
  const blocks = Math.min(frame.window, (frame.blocks + 1) * BLOCK);
  const exponent = Math.max(10, Math.ceil(Math.log2(blocks)));
  if (frame.blocks * 2 ** exponent > MOST_MOVED) throw new UnpackError('limit');
  const stream = new decompressor((part) => sink.writeAll(part));
  stream.push(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, frame.hasChecksum ? 4 : 0, (exponent - 10) << 3));
  stream.push(bytes.subarray(frame.data, frame.end), true);
  if (frame.end > bytes.length) throw new UnpackError('corrupt');
}

function readFrame(bytes: Uint8Array, start: number): Frame {
  const flags = bytes[start + 4] ?? 0;
  const isSingle = (flags & 32) !== 0;
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][flags >> 6] as number;
  const dictionaryBytes = [0, 1, 2, 4][flags & 3] as number;
  const size = start + 5 + (isSingle ? 0 : 1) + dictionaryBytes;
  const descriptor = bytes[start + 5] ?? 0;
  const base = 2 ** (10 + (descriptor >> 3));
  const window = isSingle ? readSize(bytes, size, sizeBytes) : base + (base / 8) * (descriptor & 7);
  const hasChecksum = (flags & 4) !== 0;
  const data = size + sizeBytes;
  return { data, window, hasChecksum, hasDictionary: dictionaryBytes > 0, ...findEnd(bytes, data, hasChecksum) };
}

function readSize(bytes: Uint8Array, at: number, length: number): number {
  let size = length === 2 ? 256 : 0;
  for (let index = 0; index < length; index += 1) size += (bytes[at + index] ?? 0) * 256 ** index;
  return size;
}

/** Follows the lengths of the blocks up to the last. */
function findEnd(bytes: Uint8Array, data: number, hasChecksum: boolean): Pick<Frame, 'end' | 'blocks'> {
  let at = data;
  for (let blocks = 1; at + 3 <= bytes.length; blocks += 1) {
    const header = (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16);
    const isRepeat = ((header >> 1) & 3) === 1;
    at += 3 + (isRepeat ? 1 : header >> 3);
    if ((header & 1) === 1) return { end: at + (hasChecksum ? 4 : 0), blocks };
  }
  throw new UnpackError('corrupt');
}

function uint32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true);
}
