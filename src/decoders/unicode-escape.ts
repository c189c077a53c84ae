import type { Artifact, ByteRange } from '../model/artifact.ts';
import { defineDecoder } from './contract.ts';
import { decodeRuns } from './shared/spans.ts';

/** Twelve escapes or more in a row: fewer are a sign or two inside a string, which rules see through. */
const RUN = /(?:\\u00[0-9a-f]{2}|\\x[0-9a-f]{2}){12,100000}/gi;
const BACKSLASH = 92;

/** Texts written as `\u0041` or `\x41` escapes, as obfuscators and some serialisers do. */
export default defineDecoder({
  id: 'unicode-escape',
  title: 'Text of unicode or hexadecimal escapes',
  form: 'text',
  accepts: (artifact) => artifact.bytes.includes(BACKSLASH),
  decode: (artifact, budget) => decodeRuns('unicode-escape', artifact, findEscapes(artifact), decodeEscapes, budget),
});

function* findEscapes(artifact: Artifact): Generator<ByteRange> {
  const { bytes } = artifact;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  for (const found of text.matchAll(RUN)) yield { start: found.index, end: found.index + found[0].length };
}

function decodeEscapes(bytes: Uint8Array, run: ByteRange): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + run.start, run.end - run.start).toString('latin1');
  return Buffer.from(text.replace(/\\u00|\\x/gi, ''), 'hex');
}
