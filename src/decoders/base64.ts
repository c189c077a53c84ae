import type { Artifact, ByteRange } from '../model/artifact.ts';
import { defineDecoder } from './contract.ts';
import { classOf, decodeRuns, findRuns } from './shared/spans.ts';

const ALPHABET = classOf('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_');
/** 20 characters decode to 15 bytes: shorter runs are names and words. */
const SHORTEST = 20;
const EQUALS = 61;

/** Base64 and base64url inside text (RFC 4648), with or without padding. */
export default defineDecoder({
  id: 'base64',
  title: 'Base64 text',
  form: 'text',
  accepts: (artifact) => artifact.bytes.length >= SHORTEST,
  decode: (artifact, budget) => decodeRuns('base64', artifact, withPadding(artifact), decodeBase64, budget),
});

/** Runs of the alphabet with the padding behind them, so that a location covers the whole encoded text. */
function* withPadding(artifact: Artifact): Generator<ByteRange> {
  const { bytes } = artifact;
  for (const { start, end } of findRuns(artifact, ALPHABET, SHORTEST)) {
    let last = end;
    while (last < end + 2 && bytes[last] === EQUALS) last += 1;
    yield { start, end: last };
  }
}

function decodeBase64(bytes: Uint8Array, run: ByteRange): Uint8Array | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + run.start, run.end - run.start).toString('latin1');
  if (/^[a-z]+$|^[A-Z]+$|^[0-9a-f]+$/.test(text)) return undefined;
  return Buffer.from(text, 'base64');
}
