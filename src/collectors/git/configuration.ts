import { basename, join } from 'node:path';
import { readTreeFile } from '../../lib/tree-file.ts';
import type { Collected } from '../contract.ts';
import type { History } from './model.ts';

const SCOPE = 'configuration';

type Source = Pick<History, 'context' | 'repository'>;

/** The repository's own configuration files: remote URLs and headers in them hold tokens. */
export async function* collectConfiguration(history: Source): AsyncGenerator<Collected> {
  const { commonDirectory, gitDirectory } = history.repository;
  yield* collectFile(history, commonDirectory, 'config');
  yield* collectFile(history, gitDirectory, 'config.worktree');
}

async function* collectFile(history: Source, folder: string, name: string): AsyncGenerator<Collected> {
  const limit = history.context.limits.fileBytes;
  const read = readTreeFile(join(folder, name), limit);
  if (read.state === 'absent') return;
  const path = basename(history.repository.commonDirectory) === '.git' ? `.git/${name}` : name;
  yield { kind: 'plan', scope: SCOPE, unit: 'files', count: 1 };
  if (read.state === 'read') {
    const origin = { collector: 'git', path, repository: history.repository.name, present: true };
    yield { kind: 'artifact', scope: SCOPE, artifact: { origin, bytes: read.bytes } };
  } else if (read.state === 'too-large') {
    const message = `${path} has ${read.size} bytes, over the limit of ${limit}: raise limits.file-bytes to read it`;
    yield { kind: 'gap', scope: SCOPE, gap: { reason: 'too-large', subject: path, message } };
  } else if (read.state === 'unreadable') {
    const message = `${path} cannot be read: check its permissions`;
    yield { kind: 'gap', scope: SCOPE, gap: { reason: 'unreadable', subject: path, message } };
  } else {
    const reason = read.state === 'symlink' ? 'symlink' : 'special-file';
    yield { kind: 'skip', scope: SCOPE, skip: { reason, subject: path } };
  }
}
