import { kindOf, RawDiffReader } from '../changes/raw-diff.ts';
import { forEachRecord } from '../process/byte-source.ts';
import { type Git, startGit } from '../process/process.ts';

const DIFF = ['diff-tree', '--stdin', '--root', '-r', '-m', '--raw', '-z', '--no-abbrev', '--no-renames', '--always'];

/** None of them is kept here, so many may pass: twenty times those of a large history. */
const MOST_CHANGES = 100_000_000;

/** A commit that put a blob at a path where one of its parents has something else. */
export interface Introduction {
  readonly blob: string;
  readonly commit: string;
  readonly path: string;
}

/**
 * Calls `visit` for every commit and path that brings one of the wanted blobs, newest commits first: one walk over all
 * that refs and reflogs reach, whatever the number of blobs. A merge counts where it differs from any of its parents.
 * @throws GitError where the history is broken
 */
export async function walkIntroductions(
  git: Git,
  wanted: ReadonlySet<string>,
  visit: (introduction: Introduction) => void,
): Promise<void> {
  const commits = startGit(git, ['rev-list', '--topo-order', '--all', '--reflog']);
  commits.stdin.end();
  const diff = startGit(git, DIFF);
  const feeding = feed(commits.output, diff.stdin);
  const reader = new RawDiffReader((change, commit) => {
    if (!wanted.has(change.oid) || kindOf(change) === 'same-content') return;
    visit({ blob: change.oid, commit, path: change.path });
  }, MOST_CHANGES);
  try {
    await forEachRecord(diff.output, 0, (record) => reader.push(record));
    await feeding;
    await Promise.all([commits.ended(), diff.ended()]);
  } finally {
    commits.stop();
    diff.stop();
  }
}

/** Passes on what one process prints to another one, no faster than it takes it. */
async function feed(output: { next(): Promise<Buffer | undefined> }, stdin: NodeJS.WritableStream): Promise<void> {
  try {
    for (let part = await output.next(); part !== undefined; part = await output.next()) {
      if (!stdin.write(part)) await new Promise<void>((resolve) => settleOnce(stdin, resolve));
    }
  } finally {
    stdin.end();
  }
}

function settleOnce(stdin: NodeJS.WritableStream, resolve: () => void): void {
  const settle = (): void => {
    stdin.removeListener('drain', settle);
    stdin.removeListener('close', settle);
    resolve();
  };
  stdin.once('drain', settle);
  stdin.once('close', settle);
}
