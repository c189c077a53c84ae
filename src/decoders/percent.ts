import { findByte } from '../lib/bytes/binary.ts';
import type { Artifact, ByteRange } from '../model/artifact.ts';
import { defineDecoder } from './contract.ts';
import { classOf, decodeRuns, type Encoding, growRange, growRun } from './shared/spans.ts';

const URL_BYTES = classOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789%-._~:/?#[]@!$&'()*+,;=");
const HEX = classOf('0123456789abcdefABCDEF');
const SHORTEST = 16;
const PERCENT = 37;

/** Percent-encoded text (RFC 3986): URLs and form bodies. */
export default defineDecoder({
  id: 'percent',
  title: 'Percent-encoded text',
  form: 'text',
  accepts: (artifact) => artifact.bytes.length >= SHORTEST,
  decode: (artifact, budget) => decodeRuns(PERCENTS, artifact, findEncoded(artifact), budget),
});

const PERCENTS: Encoding = { id: 'percent', decode: decodePercent };

/** Signs with two digits are rare, bytes of URLs are not: each sign is looked for, then the run around it. */
function findEncoded(artifact: Artifact): readonly ByteRange[] {
  const { bytes } = artifact;
  const runs: ByteRange[] = [];
  let last = 0;
  for (const range of artifact.ranges ?? [{ start: 0, end: bytes.length }]) {
    const { start, end } = growRange(bytes, URL_BYTES, range, last);
    let at = findByte(bytes, PERCENT, start, end);
    while (at >= 0) {
      const encoded = isDigit(bytes, at + 1) && isDigit(bytes, at + 2);
      const run = encoded ? growRun(bytes, URL_BYTES, at, last) : undefined;
      if (run !== undefined && run.end - run.start >= SHORTEST) runs.push(run);
      last = run?.end ?? last;
      at = findByte(bytes, PERCENT, run?.end ?? at + 1, end);
    }
    last = Math.max(last, end);
  }
  return runs;
}

function isDigit(bytes: Uint8Array, at: number): boolean {
  return at < bytes.length && HEX[bytes[at] as number] === 1;
}

function decodePercent(bytes: Uint8Array, run: ByteRange): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + run.start, run.end - run.start).toString('latin1');
  const decoded = text.replace(/%([0-9a-f]{2})/gi, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return Buffer.from(decoded, 'latin1');
}
