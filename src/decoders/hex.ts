import type { ByteRange } from '../model/artifact.ts';
import { defineDecoder } from './contract.ts';
import { classOf, decodeRuns, findRuns } from './shared/spans.ts';

const DIGITS = classOf('0123456789abcdefABCDEF');
const SHORTEST = 32;

/** Hexadecimal text: pairs of digits without separators. Hashes decode to noise and are left alone. */
export default defineDecoder({
  id: 'hex',
  title: 'Hexadecimal text',
  form: 'text',
  accepts: (artifact) => artifact.bytes.length >= SHORTEST,
  decode: (artifact, budget) => decodeRuns('hex', artifact, findRuns(artifact, DIGITS, SHORTEST), decodeHex, budget),
});

function decodeHex(bytes: Uint8Array, run: ByteRange): Uint8Array | undefined {
  const length = run.end - run.start;
  if (length % 2 !== 0) return undefined;
  return Buffer.from(Buffer.from(bytes.buffer, bytes.byteOffset + run.start, length).toString('latin1'), 'hex');
}
