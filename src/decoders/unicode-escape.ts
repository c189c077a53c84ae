import type { Artifact, ByteRange } from '../model/artifact.ts';
import { defineDecoder } from './contract.ts';
import { decodeRuns } from './shared/spans.ts';

/** Twelve escapes or more in a row: fewer are a sign or two inside a string, which rules see through. */
const RUN = /(?:\\u00[0-9a-f]{2}|\\x[0-9a-f]{2}){12,100000}/gi;
/** Twelve of the shorter escapes. Bytes. */
const SHORTEST = 48;
/** Bytes looked at on either side of a new range. */
const AROUND = 2_048;

/** Texts written as `\u0041` or `\x41` escapes, as obfuscators and some serialisers do. */
export default defineDecoder({
  id: 'unicode-escape',
  title: 'Text of unicode or hexadecimal escapes',
  form: 'text',
  accepts: (artifact) => artifact.bytes.length >= SHORTEST,
  decode: (artifact, budget) => decodeRuns('unicode-escape', artifact, findEscapes(artifact), decodeEscapes, budget),
});

/** Only the new part of an artifact is looked at, with room for an escape that reaches into it. */
function* findEscapes(artifact: Artifact): Generator<ByteRange> {
  const { bytes } = artifact;
  for (const range of artifact.ranges ?? [{ start: 0, end: bytes.length }]) {
    const start = Math.max(0, range.start - AROUND);
    const length = Math.min(bytes.length, range.end + AROUND) - start;
    const window = Buffer.from(bytes.buffer, bytes.byteOffset + start, length);
    if (!window.includes('\\u00') && !window.includes('\\x')) continue;
    for (const found of window.toString('latin1').matchAll(RUN)) {
      yield { start: start + found.index, end: start + found.index + found[0].length };
    }
  }
}

function decodeEscapes(bytes: Uint8Array, run: ByteRange): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + run.start, run.end - run.start).toString('latin1');
  return Buffer.from(text.replace(/\\u00|\\x/gi, ''), 'hex');
}
