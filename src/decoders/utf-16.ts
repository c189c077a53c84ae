import type { Artifact } from '../model/artifact.ts';
import { defineDecoder } from './contract.ts';

/** Bytes looked at where no byte order mark tells. */
const LOOKED_AT = 512;
/** Share of NULs in one half of the positions that makes text without a mark UTF-16. */
const NULS = 0.7;

/** UTF-16 text of either byte order, with or without a mark. Returns them as UTF-8; lines stay the same. */
export default defineDecoder({
  id: 'utf-16',
  title: 'UTF-16 text',
  form: 'container',
  accepts: (artifact) => byteOrder(artifact.bytes) !== undefined,
  decode: function* (artifact, budget) {
    const { bytes, origin } = artifact;
    if (bytes.length > budget.bytes) {
      const message = `${origin.path}: UTF-16 text larger than the limit of decoded bytes`;
      return yield { kind: 'gap', gap: { reason: 'limit', subject: origin.path, message } };
    }
    budget.bytes -= bytes.length;
    yield { kind: 'artifact', artifact: toUtf8(artifact) };
  },
});

function toUtf8(artifact: Artifact): Artifact {
  const { bytes, origin } = artifact;
  const even = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)));
  const text = (byteOrder(bytes) === 'big' ? even.swap16() : even).toString('utf16le').replace(/^\ufeff/, '');
  return { origin, bytes: Buffer.from(text, 'utf8'), derivation: { decoder: 'utf-16', parent: artifact } };
}

function byteOrder(bytes: Uint8Array): 'little' | 'big' | undefined {
  if (bytes.length < 4) return undefined;
  const [first, second] = [bytes[0], bytes[1]];
  // FF FE 00 00 is the mark of UTF-32.
  if (first === 0xff && second === 0xfe) return bytes[2] === 0 && bytes[3] === 0 ? undefined : 'little';
  if (first === 0xfe && second === 0xff) return 'big';
  if (!hasEarlyNul(bytes)) return undefined;
  const counts = countNuls(bytes);
  if (counts.odd > NULS && counts.even === 0) return 'little';
  return counts.even > NULS && counts.odd === 0 ? 'big' : undefined;
}

/** Without a NUL in the first part there cannot be enough of them: told at once for most files, which have none. */
function hasEarlyNul(bytes: Uint8Array): boolean {
  const end = Math.ceil(Math.min(bytes.length, LOOKED_AT) * (1 - NULS)) + 2;
  for (let at = 0; at < end; at += 1) if (bytes[at] === 0) return true;
  return false;
}

function countNuls(bytes: Uint8Array): { readonly even: number; readonly odd: number } {
  const length = Math.min(bytes.length - (bytes.length % 2), LOOKED_AT);
  const counts = [0, 0] as [number, number];
  for (let at = 0; at < length; at += 1) if (bytes[at] === 0) counts[at % 2 === 0 ? 0 : 1] += 1;
  const half = length / 2;
  return { even: counts[0] / half, odd: counts[1] / half };
}
