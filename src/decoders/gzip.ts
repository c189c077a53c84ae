import { constants, gunzipSync } from 'node:zlib';
import type { Artifact } from '../model/artifact.ts';
import { type DecodeBudget, type Decoded, defineDecoder } from './contract.ts';
import { allowedBytes, containerGap, toEntry } from './shared/container.ts';

/** Gzip (RFC 1952). What a truncated file still holds is scanned, and the rest is a gap. */
export default defineDecoder({
  id: 'gzip',
  title: 'gzip file',
  form: 'container',
  accepts: ({ bytes }) => bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8,
  decode,
});

function* decode(artifact: Artifact, budget: DecodeBudget): Generator<Decoded> {
  const most = allowedBytes(budget, artifact.bytes.length);
  if (most === 0)
    return yield containerGap(artifact, 'limit', 'the limit of decoded bytes is used up; it was not opened');
  const result = inflate(artifact.bytes, most);
  if (result.bytes !== undefined) {
    budget.bytes -= result.bytes.length;
    yield toEntry('gzip', artifact, innerName(artifact), result.bytes);
  }
  if (result.problem === 'limit')
    yield containerGap(artifact, 'limit', `unpacks to more than ${most} bytes; it was not scanned`);
  if (result.problem === 'corrupt') yield containerGap(artifact, 'corrupt', 'the gzip data is damaged or cut off');
}

interface Inflated {
  readonly bytes?: Uint8Array;
  readonly problem?: 'limit' | 'corrupt';
}

function inflate(bytes: Uint8Array, maxOutputLength: number): Inflated {
  try {
    return { bytes: gunzipSync(bytes, { maxOutputLength }) };
  } catch (error) {
    if (error instanceof RangeError) return { problem: 'limit' };
  }
  try {
    // A flush instead of an end gives what was readable before the damage.
    const partial = gunzipSync(bytes, { maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH });
    return partial.length === 0 ? { problem: 'corrupt' } : { bytes: partial, problem: 'corrupt' };
  } catch {
    return { problem: 'corrupt' };
  }
}

function innerName(artifact: Artifact): string {
  const path = artifact.derivation?.entry ?? artifact.origin.path;
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.replace(/\.tgz$/i, '.tar').replace(/\.gz$/i, '') || 'content';
}
