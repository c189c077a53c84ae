import type { Artifact } from '../../model/artifact.ts';
import type { DecodeBudget, Decoded } from '../contract.ts';
import { containerGap, toEntry } from './container.ts';

/** One file of an archive, as it lies there or unpacked. */
export interface ArchiveFile {
  readonly name: string;
  readonly data: Uint8Array;
}

/** Spends the budget on one file and gives it, or a gap. False behind it: no more entries may be opened. */
export function* giveFile(
  id: string,
  artifact: Artifact,
  file: ArchiveFile,
  budget: DecodeBudget,
): Generator<Decoded, boolean> {
  const { name, data } = file;
  if (data.length === 0) return true;
  if (budget.entries <= 0) {
    yield containerGap(artifact, 'limit', `holds more entries than the limit; ${name} and the rest were not opened`);
    return false;
  }
  budget.entries -= 1;
  if (data.length > budget.bytes) {
    yield containerGap(
      artifact,
      'limit',
      `${name} has ${data.length} bytes, more than the limits allow; it was not opened`,
    );
    return true;
  }
  budget.bytes -= data.length;
  yield toEntry(id, artifact, name, data);
  return true;
}
