import { findByte } from '../lib/bytes/binary.ts';
import type { Artifact, ByteRange } from '../model/artifact.ts';
import { defineDecoder } from './contract.ts';
import { classOf, decodeRuns, type Encoding, growRange } from './shared/spans.ts';

/** Escapes in a row: fewer are a sign or two inside a string, which rules see through. More are two runs. */
const LEAST = 12;
/** `\x41` and `\u0041`. Bytes. */
const [SHORT, LONG] = [4, 6];
const SHORTEST = LEAST * SHORT;
/** Every run has all of some `LONG` bytes that lie so far apart, and a backslash among them. */
const STRIDE = SHORTEST - LONG + 1;
const [BACKSLASH, X, U, ZERO] = [92, 120, 117, 48];
const HEX = classOf('0123456789abcdefABCDEF');
const ESCAPES = classOf('\\ux0123456789abcdefABCDEF');

/** Texts written as `\u0041` or `\x41` escapes, as obfuscators and some serialisers do. */
export default defineDecoder({
  id: 'unicode-escape',
  title: 'Text of unicode or hexadecimal escapes',
  form: 'text',
  accepts: (artifact) => artifact.bytes.length >= SHORTEST,
  decode: (artifact, budget) => decodeRuns(ESCAPED, artifact, findEscapes(artifact), budget),
});

const ESCAPED: Encoding = { id: 'unicode-escape', decode: decodeEscapes };

/** Only the new part of an artifact is looked at, with the whole of a run that it cuts. */
function findEscapes(artifact: Artifact): readonly ByteRange[] {
  const { bytes } = artifact;
  const runs: ByteRange[] = [];
  let last = 0;
  for (const range of artifact.ranges ?? [{ start: 0, end: bytes.length }]) {
    const { start, end } = growRange(bytes, ESCAPES, range, last);
    last = end;
    addRuns(runs, bytes, start, end);
  }
  return runs;
}

/**
 * Adds the runs in `[start, end)`. Most of a text is passed over: only where a backslash stands at a stride, what is
 * before it is read.
 */
function addRuns(runs: ByteRange[], bytes: Uint8Array, start: number, end: number): void {
  let done = start;
  for (let at = start; at + LONG <= end; at += STRIDE) {
    const last = findByte(bytes, BACKSLASH, Math.max(at, done), at + LONG);
    if (last < 0) continue;
    let begin = findByte(bytes, BACKSLASH, Math.max(done, at - STRIDE), last + 1);
    while (begin >= 0) {
      const run = readRun(bytes, begin, end);
      if (run.count >= LEAST) runs.push({ start: begin, end: run.end });
      done = Math.max(run.end, begin + 1);
      begin = findByte(bytes, BACKSLASH, done, last + 1);
    }
  }
}

/** How many escapes stand in a row from `begin` on, and where they end. */
function readRun(bytes: Uint8Array, begin: number, end: number): { readonly count: number; readonly end: number } {
  let at = begin;
  let count = 0;
  for (let length = escapeAt(bytes, at, end); length > 0; length = escapeAt(bytes, at, end)) {
    at += length;
    count += 1;
  }
  return { count, end: at };
}

/** Bytes of the escape that begins at `at`, 0 where none does. */
function escapeAt(bytes: Uint8Array, at: number, end: number): number {
  if (bytes[at] !== BACKSLASH) return 0;
  const isLong = bytes[at + 1] === U && bytes[at + 2] === ZERO && bytes[at + 3] === ZERO;
  if (!isLong && bytes[at + 1] !== X) return 0;
  const length = isLong ? LONG : SHORT;
  const digits = at + length - 2;
  return at + length <= end && isDigit(bytes, digits) && isDigit(bytes, digits + 1) ? length : 0;
}

function isDigit(bytes: Uint8Array, at: number): boolean {
  return HEX[bytes[at] as number] === 1;
}

function decodeEscapes(bytes: Uint8Array, run: ByteRange): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + run.start, run.end - run.start).toString('latin1');
  return Buffer.from(text.replace(/\\u00|\\x/g, ''), 'hex');
}
