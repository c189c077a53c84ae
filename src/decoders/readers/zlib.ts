import { constants, gunzipSync, inflateRawSync, inflateSync, type ZlibOptions } from 'node:zlib';
import { type ByteSink, UnpackError } from '../shared/byte-sink.ts';

/** Bytes that are unpacked to see whether they are packed, and most that they may become. */
const [TRIED, MOST_TRIED] = [4096, 1 << 20];
/**
 * Bytes of the longest digest. Some digests begin as a stream does; what is so short is one only where it ends well.
 */
const DIGEST = 64;

/** What Node returns where `info` is asked for: the library's types do not say so. */
interface Informed {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}
type Inflate = (bytes: Uint8Array, options: ZlibOptions) => Buffer;

/** Unpacks a stream without header (RFC 1951): an entry of a zip file. */
export function unpackDeflate(bytes: Uint8Array, sink: ByteSink): number {
  return inflateInto(inflateRawSync, bytes, sink);
}

/** Unpacks a zlib stream (RFC 1950). */
export function unpackZlib(bytes: Uint8Array, sink: ByteSink): number {
  return inflateInto(inflateSync, bytes, sink);
}

/** Unpacks members of gzip (RFC 1952) that follow each other, also behind zeros that fill up a block. */
export function unpackGzip(bytes: Uint8Array, sink: ByteSink): number {
  let [at, end] = [0, 0];
  while (bytes[at] === 0x1f && bytes[at + 1] === 0x8b) {
    end = at + inflateInto(gunzipSync, bytes.subarray(at), sink);
    at = end;
    while (bytes[at] === 0) at += 1;
  }
  return end;
}

/** Returns how many bytes were read. Of a damaged stream, what came before the damage is written. */
function inflateInto(inflate: Inflate, bytes: Uint8Array, sink: ByteSink): number {
  const maxOutputLength = Math.max(1, sink.room);
  try {
    const { buffer, engine } = inflate(bytes, { maxOutputLength, info: true }) as unknown as Informed;
    sink.writeAll(buffer);
    return engine.bytesWritten;
  } catch (error) {
    if (error instanceof RangeError) throw new UnpackError('limit');
    if (error instanceof UnpackError) throw error;
  }
  // A flush instead of an end gives what was readable before the damage.
  sink.writeAll(inflateStart(inflate, bytes, maxOutputLength));
  throw new UnpackError('corrupt');
}

function inflateStart(inflate: Inflate, bytes: Uint8Array, maxOutputLength: number): Uint8Array {
  try {
    return inflate(bytes, { maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return new Uint8Array();
  }
}

/** True where the first bytes unpack to something, as far as they go; of a short stream, where all of it does. */
export function unpacksAsZlib(bytes: Uint8Array): boolean {
  const start = bytes.subarray(0, TRIED);
  const finishFlush = bytes.length <= DIGEST ? constants.Z_FINISH : constants.Z_SYNC_FLUSH;
  try {
    return inflateSync(start, { finishFlush, maxOutputLength: MOST_TRIED }).length > 0;
  } catch (error) {
    return error instanceof RangeError;
  }
}
