import { findByte } from '../lib/binary.ts';
import type { Artifact, ByteRange } from '../model/artifact.ts';
import { defineDecoder } from './contract.ts';
import { classOf, decodeRuns, growRange } from './shared/spans.ts';

/** Twelve escapes or more in a row: fewer are a sign or two inside a string, which rules see through. */
const RUN = /(?:\\u00[0-9a-fA-F]{2}|\\x[0-9a-fA-F]{2}){12,100000}/g;
/** Twelve of the shorter escapes. Bytes. */
const SHORTEST = 48;
const BACKSLASH = 92;
const ESCAPES = classOf('\\ux0123456789abcdefABCDEF');

/** Texts written as `\u0041` or `\x41` escapes, as obfuscators and some serialisers do. */
export default defineDecoder({
  id: 'unicode-escape',
  title: 'Text of unicode or hexadecimal escapes',
  form: 'text',
  accepts: (artifact) => artifact.bytes.length >= SHORTEST,
  decode: (artifact, budget) => decodeRuns('unicode-escape', artifact, findEscapes(artifact), decodeEscapes, budget),
});

/** Only the new part of an artifact is looked at, with the whole of a run that it cuts. */
function* findEscapes(artifact: Artifact): Generator<ByteRange> {
  const { bytes } = artifact;
  let last = 0;
  for (const range of artifact.ranges ?? [{ start: 0, end: bytes.length }]) {
    const { start, end } = growRange(bytes, ESCAPES, range, last);
    last = end;
    if (findByte(bytes, BACKSLASH, start, end) < 0) continue;
    const window = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
    if (!window.includes('\\u00') && !window.includes('\\x')) continue;
    for (const found of window.toString('latin1').matchAll(RUN)) {
      yield { start: start + found.index, end: start + found.index + found[0].length };
    }
  }
}

function decodeEscapes(bytes: Uint8Array, run: ByteRange): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + run.start, run.end - run.start).toString('latin1');
  return Buffer.from(text.replace(/\\u00|\\x/g, ''), 'hex');
}
