import { readTreeFile } from '../../lib/files/tree-file.ts';
import type { Origin } from '../../model/artifact.ts';
import type { CollectedItem } from '../collected.ts';

/** How a file of a git folder is reported. `limit`: most bytes that are read. */
export interface StoreFile {
  readonly scope: string;
  readonly origin: Origin;
  readonly limit: number;
}

/**
 * Reads a file that git keeps beside its objects. Yields nothing if it is absent, else an artifact, a skip or a gap.
 */
export function* readStoreFile({ scope, origin, limit }: StoreFile, file: string): Generator<CollectedItem> {
  const read = readTreeFile(file, limit);
  if (read.state === 'absent') return;
  const { path } = origin;
  yield { kind: 'plan', scope, unit: 'files', count: 1 };
  if (read.state === 'read') {
    yield { kind: 'artifact', scope, artifact: { origin, bytes: read.bytes } };
  } else if (read.state === 'too-large') {
    const message = `${path} has ${read.size} bytes, over the limit of ${limit}: raise limits.file-bytes to read it`;
    yield { kind: 'gap', scope, gap: { reason: 'too-large', subject: path, message } };
  } else if (read.state === 'unreadable') {
    const message = `${path} cannot be read: check its permissions`;
    yield { kind: 'gap', scope, gap: { reason: 'unreadable', subject: path, message } };
  } else {
    const reason = read.state === 'symlink' ? 'symlink' : 'special-file';
    yield { kind: 'skip', scope, skip: { reason, subject: path } };
  }
}
