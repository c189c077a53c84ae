import { type ByteSink, UnpackError } from '../shared/byte-sink.ts';
import { LzmaDecoder, type LzmaProperties, readProperties } from './lzma.ts';

/**
 * Unpacks the chunks of an LZMA2 stream (XZ utils, lzma2_decoder.c), from `at` to the byte that ends it. Returns where
 * it ended.
 */
export function unpackLzma2(bytes: Uint8Array, start: number, end: number, sink: ByteSink): number {
  const decoder = new LzmaDecoder(sink);
  let at = start;
  for (;;) {
    const control = bytes[at] ?? -1;
    if (at >= end || control < 0) throw new UnpackError('corrupt');
    if (control === 0) return at + 1;
    at = control >= 0x80 ? unpackChunk(decoder, bytes, at, end) : copyChunk(decoder, bytes, at, sink);
  }
}

function copyChunk(decoder: LzmaDecoder, bytes: Uint8Array, at: number, sink: ByteSink): number {
  const control = bytes[at] as number;
  const size = uint16(bytes, at + 1) + 1;
  if (control > 2 || at + 3 + size > bytes.length) throw new UnpackError('corrupt');
  if (control === 1) decoder.resetDictionary();
  sink.writeAll(bytes.subarray(at + 3, at + 3 + size));
  return at + 3 + size;
}

/** The control byte says what is reset: 1 state, 2 state and properties, 3 the dictionary as well. */
function unpackChunk(decoder: LzmaDecoder, bytes: Uint8Array, at: number, end: number): number {
  const control = bytes[at] as number;
  const size = ((control & 31) << 16) + uint16(bytes, at + 1) + 1;
  const packed = uint16(bytes, at + 3) + 1;
  const reset = (control >> 5) & 3;
  const data = at + 5 + (reset >= 2 ? 1 : 0);
  if (reset === 3) decoder.resetDictionary();
  if (reset >= 2) decoder.resetState(readChunkProperties(bytes[at + 5] ?? 255));
  else if (reset === 1) decoder.resetState();
  decoder.decode(bytes, data, Math.min(end, data + packed), size);
  return data + packed;
}

function uint16(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
}

/** LZMA2 allows less, so that a reset costs little. */
function readChunkProperties(byte: number): LzmaProperties {
  const properties = readProperties(byte);
  if (properties.lc + properties.lp > 4) throw new UnpackError('corrupt');
  return properties;
}
