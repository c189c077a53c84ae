import type { Artifact, ByteRange } from '../model/artifact.ts';
import { defineDecoder } from './contract.ts';
import { classOf, decodeRuns, growRun } from './shared/spans.ts';

const URL_BYTES = classOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789%-._~:/?#[]@!$&'()*+,;=");
const SHORTEST = 16;
const PERCENT = 37;

/** Percent-encoded text (RFC 3986): URLs and form bodies. */
export default defineDecoder({
  id: 'percent',
  title: 'Percent-encoded text',
  form: 'text',
  accepts: (artifact) => artifact.bytes.length >= SHORTEST,
  decode: (artifact, budget) => decodeRuns('percent', artifact, findEncoded(artifact), decodePercent, budget),
});

/** Percent signs are rare, bytes of URLs are not: each sign is looked for, then the run around it. */
function* findEncoded(artifact: Artifact): Generator<ByteRange> {
  const { bytes } = artifact;
  let last = 0;
  for (const { start, end } of artifact.ranges ?? [{ start: 0, end: bytes.length }]) {
    let at = bytes.subarray(0, end).indexOf(PERCENT, Math.max(start, last));
    while (at >= 0) {
      const run = growRun(bytes, URL_BYTES, at, last);
      last = run.end;
      if (run.end - run.start >= SHORTEST) yield run;
      at = bytes.subarray(0, end).indexOf(PERCENT, last);
    }
  }
}

function decodePercent(bytes: Uint8Array, run: ByteRange): Uint8Array | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + run.start, run.end - run.start).toString('latin1');
  if (!/%[0-9a-f]{2}/i.test(text)) return undefined;
  const decoded = text.replace(/%([0-9a-f]{2})/gi, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return Buffer.from(decoded, 'latin1');
}
