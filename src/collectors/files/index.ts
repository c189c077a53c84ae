import { statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { compileGlob, type Glob, matchesAny } from '../../lib/glob.ts';
import { errorCode, joinBytes } from '../../lib/walk.ts';
import type { Address } from '../../model/address.ts';
import { UsageError } from '../../model/errors.ts';
import { type CollectContext, type Collected, defineCollector } from '../contract.ts';
import { listTree, type Tree, type TreeEntry } from './list.ts';
import { type FileRead, readFileInto } from './read.ts';

const SCOPE = 'files';

/**
 * Files of a folder, or one file. In a git work tree: tracked and untracked files minus ignored ones; elsewhere every file.
 * Paths are relative to the repository's root where there is one, else to the folder named.
 *
 * Options: `include-ignored` (boolean), `exclude` (list of globs).
 */
export default defineCollector({
  id: 'files',
  title: 'Files of a folder or work tree',
  reads: 'address',
  scheme: 'files',
  network: false,
  permissions: [],
  collect,
});

async function* collect(context: CollectContext, address: Address): AsyncGenerator<Collected> {
  const tree = await openTarget(context, address);
  const { exclude } = context.options;
  const excluded = (Array.isArray(exclude) ? exclude : []).map((glob) => compileGlob(String(glob)));
  const facts = { ignoreRules: tree.ignoreRules, root: tree.name };
  if (tree.entries.length === 0) yield emptyTree(address);
  yield { kind: 'plan', scope: SCOPE, unit: 'files', count: tree.entries.length, facts };
  let whole = tree.whole && excluded.length === 0;
  for (const entry of tree.entries) {
    const item = toCollected(context, tree, entry, excluded);
    if (item === undefined) whole = false;
    yield item ?? absent(entry.path);
  }
  // Said last: in a sparse checkout, files that the index lists are not there, and "nothing uses it" would be a guess.
  if (whole) yield { kind: 'plan', scope: SCOPE, unit: 'files', count: 0, facts: { wholeTreeOf: tree.name } };
}

/** Listed by the index and not in the work tree (deleted, or a sparse checkout): nothing to scan. */
function absent(path: string): Collected {
  return { kind: 'skip', scope: SCOPE, skip: { reason: 'empty', subject: path } };
}

async function openTarget(context: CollectContext, address: Address): Promise<Tree> {
  const path = resolve(context.cwd, address.value);
  const stat = statTarget(path, address);
  const real = await realpath(path);
  if (stat.isDirectory()) return listTree(context, real);
  if (!stat.isFile()) throw new UsageError(`${address.value} is not a file or folder. For a pipe use "-".`);
  const tree = await listTree(context, dirname(real), basename(real));
  return tree;
}

function statTarget(path: string, address: Address): ReturnType<typeof statSync> & object {
  try {
    return statSync(path);
  } catch (error) {
    const code = errorCode(error);
    const hint =
      code === 'ENOENT'
        ? 'does not exist'
        : code === 'ELOOP'
          ? 'is a circular symbolic link'
          : `cannot be read (${code})`;
    throw new UsageError(`${address.value} ${hint}. Name a folder, a file, "-" or <collector>:<target>.`);
  }
}

function emptyTree(address: Address): Collected {
  const message = `${address.value} holds no files to scan`;
  return {
    kind: 'gap',
    scope: SCOPE,
    gap: { reason: 'nothing-planned', subject: address.value, message, scope: true },
  };
}

/** Undefined: the file is not there. */
function toCollected(
  context: CollectContext,
  tree: Tree,
  entry: TreeEntry,
  excluded: readonly Glob[],
): Collected | undefined {
  const { path } = entry;
  if (matchesAny(excluded, path)) return { kind: 'skip', scope: SCOPE, skip: { reason: 'excluded', subject: path } };
  if (entry.kind === 'error') return gap(path, 'unreadable', `${path} cannot be read (${entry.code})`);
  if (entry.kind !== 'file') return { kind: 'skip', scope: SCOPE, skip: { reason: entry.kind, subject: path } };
  return fromRead(tree, path, readFileInto(placeOf(tree, entry), context.limits.fileBytes), context.limits.fileBytes);
}

function placeOf({ folder }: Tree, { path, raw }: Exclude<TreeEntry, { kind: 'error' }>): string | Buffer {
  return raw === undefined ? join(folder, path) : joinBytes([Buffer.from(folder), raw]);
}

function fromRead(tree: Tree, path: string, read: FileRead, limit: number): Collected | undefined {
  switch (read.state) {
    case 'read':
      return { kind: 'artifact', scope: SCOPE, artifact: { origin: { ...tree.origin, path }, bytes: read.bytes } };
    case 'empty':
    case 'symlink':
    case 'special-file':
    case 'submodule':
      return { kind: 'skip', scope: SCOPE, skip: { reason: read.state, subject: path } };
    case 'gone':
      return undefined;
    case 'too-large':
      return gap(
        path,
        'too-large',
        `${path} has ${read.size} bytes, more than ${limit}; raise --max-file-size to scan it`,
      );
    case 'unreadable':
      return gap(path, 'unreadable', `${path} cannot be read (${read.code})`);
  }
}

function gap(subject: string, reason: 'unreadable' | 'too-large', message: string): Collected {
  return { kind: 'gap', scope: SCOPE, gap: { reason, subject, message } };
}
