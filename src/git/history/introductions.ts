import { kindOf, RawDiffReader } from '../changes/raw-diff.ts';
import type { TreeSizes } from '../objects/tree-size.ts';
import { forEachRecord } from '../process/byte-source.ts';
import type { Git } from '../process/open.ts';
import { startGit } from '../process/process.ts';

const DIFF = ['diff-tree', '--stdin', '--root', '-r', '-m', '--raw', '-z', '--no-abbrev', '--no-renames', '--always'];

/** Most changes that pass by. None is kept, so there may be twenty times as many as in a large history. */
const MOST_CHANGES = 100_000_000;

/** A commit that put a blob at a path where at least one of its parents has something else. */
export interface Introduction {
  readonly blob: string;
  readonly commit: string;
  readonly path: string;
}

/**
 * Calls `visit` for every commit and path that brings one of the wanted blobs, newest commits first. One walk over
 * everything that refs and reflogs reach serves any number of blobs. A merge counts if it differs from any of its
 * parents. Git keeps all changes of a commit in memory before it prints the first one. So commits are left out if their
 * trees, or the trees of their parents, list more files than `sizes` allows. Returns how many were left out.
 * @throws GitError where the history is broken
 */
export async function walkIntroductions(
  git: Git,
  wanted: ReadonlySet<string>,
  sizes: Pick<TreeSizes, 'isOver'>,
  visit: (introduction: Introduction) => void,
): Promise<number> {
  const commits = startGit(git, ['rev-list', '--topo-order', '--parents', '--all', '--reflog']);
  commits.stdin.end();
  const diff = startGit(git, DIFF);
  const feeding = feed(commits.output, diff.stdin, sizes);
  // It is awaited below, unless reading the changes failed first.
  feeding.catch(() => undefined);
  const reader = new RawDiffReader((change, commit) => {
    if (!wanted.has(change.oid) || kindOf(change) === 'same-content') return;
    visit({ blob: change.oid, commit, path: change.path });
  }, MOST_CHANGES);
  try {
    await forEachRecord(diff.output, 0, (record) => reader.push(record));
    const leftOut = await feeding;
    await Promise.all([commits.ended(), diff.ended()]);
    return leftOut;
  } finally {
    commits.stop();
    diff.stop();
  }
}

/**
 * Passes the commits that one process prints to another one, no faster than that one takes them. Returns how many were
 * too large to pass on.
 */
async function feed(
  output: { next(): Promise<Buffer | undefined> },
  stdin: NodeJS.WritableStream,
  sizes: Pick<TreeSizes, 'isOver'>,
): Promise<number> {
  let leftOut = 0;
  let rest = '';
  try {
    for (let part = await output.next(); part !== undefined; part = await output.next()) {
      const lines = (rest + part.toString('latin1')).split('\n');
      rest = lines.pop() ?? '';
      const commits = await keepSmall(lines, sizes);
      leftOut += lines.length - commits.length;
      if (commits.length === 0 || stdin.write(`${commits.join('\n')}\n`)) continue;
      await new Promise<void>((resolve) => settleOnce(stdin, resolve));
    }
    return leftOut;
  } finally {
    stdin.end();
  }
}

/** Takes lines with a commit and its parents, and returns the commits that are small enough to be compared. */
async function keepSmall(lines: readonly string[], sizes: Pick<TreeSizes, 'isOver'>): Promise<readonly string[]> {
  const small: string[] = [];
  for (const line of lines) {
    const [commit = '', ...parents] = line.split(' ');
    let isSmall = true;
    for (const id of [commit, ...parents]) isSmall &&= !(await sizes.isOver(id));
    if (isSmall) small.push(commit);
  }
  return small;
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
