import { lstat, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
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
  const file = join(folder, name);
  const stat = await lstat(file).catch(() => undefined);
  if (stat === undefined) return;
  const path = basename(history.repository.commonDirectory) === '.git' ? `.git/${name}` : name;
  yield { kind: 'plan', scope: SCOPE, unit: 'files', count: 1 };
  const limit = history.context.limits.fileBytes;
  if (!stat.isFile()) {
    const reason = stat.isSymbolicLink() ? 'symlink' : 'special-file';
    yield { kind: 'skip', scope: SCOPE, skip: { reason, subject: path } };
    return;
  }
  if (stat.size > limit) {
    const message = `${path} has ${stat.size} bytes, over the limit of ${limit}: raise limits.file-bytes to read it`;
    yield { kind: 'gap', scope: SCOPE, gap: { reason: 'too-large', subject: path, message } };
    return;
  }
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes === undefined) {
    const message = `${path} cannot be read: check its permissions`;
    yield { kind: 'gap', scope: SCOPE, gap: { reason: 'unreadable', subject: path, message } };
    return;
  }
  const origin = { collector: 'git', path, repository: history.repository.name, present: true };
  yield { kind: 'artifact', scope: SCOPE, artifact: { origin, bytes } };
}
