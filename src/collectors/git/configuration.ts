import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { walkTree } from '../../lib/files/walk.ts';
import type { Origin } from '../../model/artifact.ts';
import type { Collected } from '../contract.ts';
import { readStoreFile } from '../shared/store-file.ts';
import type { History } from './model.ts';

const SCOPE = 'configuration';

type Source = Pick<History, 'context' | 'repository'>;

/** Most reflogs that are read in one repository. */
const MOST_LOGS = 5_000;
/** Shown in the ledger: the parts of a repository that nobody scans. */
const NOT_READ = 'hooks, signatures of commits, further names that the same content once had';

/**
 * Reads what a repository holds beside its objects: the configuration (remote URLs and headers in it can hold tokens),
 * reflogs (they name the URL of a clone or pull, and subjects of commits that are gone), and the names of refs.
 */
export async function* collectConfiguration(history: Source): AsyncGenerator<Collected> {
  const { commonDirectory, gitDirectory } = history.repository;
  yield { kind: 'plan', scope: SCOPE, unit: 'files', count: 0, facts: { notRead: NOT_READ } };
  yield* collectFile(history, commonDirectory, 'config');
  yield* collectFile(history, gitDirectory, 'config.worktree');
  yield* collectFile(history, commonDirectory, 'packed-refs');
  yield* collectRefNames(history);
  for (const folder of new Set([commonDirectory, gitDirectory])) yield* collectLogs(history, folder);
}

/** Yields the names of loose refs, one a line: somebody may have pasted a secret into the name of a branch. */
function* collectRefNames(history: Source): Generator<Collected> {
  const names: string[] = [];
  for (const entry of walkTree(join(history.repository.commonDirectory, 'refs'), new Set())) {
    if (entry.kind === 'file') names.push(`refs/${entry.path}`);
  }
  if (names.length === 0) return;
  yield { kind: 'plan', scope: SCOPE, unit: 'files', count: 1 };
  const bytes = Buffer.from(`${names.join('\n')}\n`);
  yield { kind: 'artifact', scope: SCOPE, artifact: { origin: originOf(history, 'refs'), bytes } };
}

function* collectLogs(history: Source, folder: string): Generator<Collected> {
  if (!existsSync(join(folder, 'logs'))) return;
  let remaining = MOST_LOGS;
  for (const entry of walkTree(join(folder, 'logs'), new Set())) {
    remaining -= 1;
    if (remaining < 0) {
      const subject = pathOf(history, 'logs');
      const message = `${subject} holds more than ${MOST_LOGS} reflogs: the rest was not read`;
      yield { kind: 'plan', scope: SCOPE, unit: 'files', count: 1 };
      yield { kind: 'gap', scope: SCOPE, gap: { reason: 'limit', subject, message } };
      return;
    }
    yield* collectFile(history, folder, `logs/${entry.path}`);
  }
}

function originOf(history: Source, name: string): Origin {
  return { collector: 'git', path: pathOf(history, name), repository: history.repository.name, present: true };
}

function pathOf({ repository }: Source, name: string): string {
  return basename(repository.commonDirectory) === '.git' ? `.git/${name}` : name;
}

function* collectFile(history: Source, folder: string, name: string): Generator<Collected> {
  const { limits } = history.context;
  yield* readStoreFile({ scope: SCOPE, origin: originOf(history, name), limit: limits.fileBytes }, join(folder, name));
}
