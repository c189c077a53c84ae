import type { ByteRange } from '../model/artifact.ts';
import { defineDecoder } from './contract.ts';
import { classOf, decodeRuns, findRuns } from './shared/spans.ts';

const URL_BYTES = classOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789%-._~:/?#[]@!$&'()*+,;=");
const SHORTEST = 16;
const PERCENT = 37;

/** Percent-encoded text (RFC 3986): URLs and form bodies. */
export default defineDecoder({
  id: 'percent',
  title: 'Percent-encoded text',
  form: 'text',
  accepts: (artifact) => artifact.bytes.includes(PERCENT),
  decode: (artifact, budget) =>
    decodeRuns('percent', artifact, findRuns(artifact, URL_BYTES, SHORTEST), decodePercent, budget),
});

function decodePercent(bytes: Uint8Array, run: ByteRange): Uint8Array | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + run.start, run.end - run.start).toString('latin1');
  if (!/%[0-9a-f]{2}/i.test(text)) return undefined;
  const decoded = text.replace(/%([0-9a-f]{2})/gi, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return Buffer.from(decoded, 'latin1');
}
