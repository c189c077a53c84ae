import { statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { GitError } from '../../git/process/error.ts';
import { errorCode } from '../../lib/files/walk.ts';
import type { Address } from '../../model/address.ts';
import { UsageError } from '../../model/errors.ts';
import type { Coverage, Gap } from '../../model/gap.ts';
import type { CollectContext, Collected } from '../contract.ts';
import { createExclusion } from '../shared/exclusion.ts';
import { targetGap } from '../shared/git-open.ts';
import { pathNames } from '../shared/names.ts';
import { readStoreFile } from '../shared/store-file.ts';
import { settleFolders } from './folders.ts';
import { openTree } from './list.ts';
import { isStore } from './store.ts';
import type { Tree, TreeEntry, TreePart } from './tree.ts';
import { FILES, FilesWork, scopeOf } from './work.ts';

/** Most repositories that are read in one target, the target included. Each takes some git processes. */
const MOST_TREES = 1_000;

/** Reads a folder or one file. Each repository inside it is read as a repository of its own. */
export async function* collectFiles(context: CollectContext, address: Address): AsyncGenerator<Collected> {
  const trees = [await openTarget(context, address)];
  for (let at = 0; at < trees.length; at += 1) {
    const tree = trees[at] as Tree;
    const read = yield* collectTree(context, tree);
    yield* collectConfiguration(context, tree);
    if (read.planned === 0 && at === 0) yield* emptyTree(address, factsOf(tree));
    trees.push(...(yield* settleFolders(context, tree, read.folders, MOST_TREES - trees.length)));
  }
}

function factsOf({ ignoreRules, name }: Tree): Coverage['facts'] {
  return { ignoreRules, root: name };
}

/** Reads a tree. Returns how many files were planned, and the paths that are folders. */
async function* collectTree(
  context: CollectContext,
  tree: Tree,
): AsyncGenerator<Collected, { readonly planned: number; readonly folders: readonly string[] }> {
  const scope = scopeOf(tree);
  const folders: string[] = [];
  let planned = 0;
  let tookAll = true;
  for await (const part of partsOf(tree)) {
    if (!('count' in part)) {
      tookAll = false;
      yield { kind: 'gap', scope, gap: part };
      continue;
    }
    const { count, entries } = part;
    planned += count;
    yield { kind: 'plan', scope, unit: 'files', count, facts: factsOf(tree) };
    for (const block of blocksOf(entries)) {
      const work = new FilesWork(context, tree, block);
      yield { kind: 'work', work };
      await work.close();
      yield namesOfBlock(context, tree, block);
      tookAll &&= work.tookAll;
      for (const path of work.folders) folders.push(path);
    }
  }
  // Reported last. In a sparse checkout, files of the index are not on disk, so "nothing uses it" would be a guess.
  const whole = tree.whole && planned > 0 && tookAll;
  if (whole) yield { kind: 'plan', scope, unit: 'files', count: 0, facts: { wholeTreeOf: tree.name } };
  return { planned, folders };
}

/** Lists a tree in parts. Where git fails, the last one is the gap: what was listed before is read all the same. */
async function* partsOf(tree: Tree): AsyncGenerator<TreePart | Gap> {
  try {
    yield* tree.parts();
  } catch (error) {
    if (!(error instanceof GitError) || error.failure === 'aborted') throw error;
    yield targetGap(error, tree.folder);
  }
}

/**
 * Reads the configuration of a repository that is read as a whole: its remote URLs and headers can hold tokens. It lies
 * beside the files, so no glob for files leaves it out.
 */
function* collectConfiguration(context: CollectContext, { store, within, name, whole }: Tree): Generator<Collected> {
  if (store === undefined || !whole) return;
  const origin = { collector: 'files', path: `${within}.git/config`, repository: name, present: true };
  yield* readStoreFile({ scope: 'configuration', origin, limit: context.limits.fileBytes }, `${store}/config`);
}

/** Returns the names of the entries that no glob leaves out. */
function namesOfBlock(context: CollectContext, tree: Tree, block: readonly TreeEntry[]): Collected {
  const isExcluded = createExclusion(context, tree.within);
  const paths = block.map(({ path }) => path);
  const wanted = isExcluded === undefined ? paths : paths.filter((path) => !isExcluded(path));
  const origin = { collector: 'files', repository: tree.name, present: true };
  return pathNames(scopeOf(tree), wanted, (path) => ({ ...origin, path }));
}

/** Files that are shared out together. Most trees have fewer, and a list of so many does not fill the memory. */
const BLOCK = 100_000;

function* blocksOf(entries: Iterable<TreeEntry>): Generator<readonly TreeEntry[]> {
  let block: TreeEntry[] = [];
  for (const entry of entries) {
    block.push(entry);
    if (block.length < BLOCK) continue;
    yield block;
    block = [];
  }
  if (block.length > 0) yield block;
}

async function openTarget(context: CollectContext, address: Address): Promise<Tree> {
  const path = resolve(context.cwd, address.value);
  const stat = statTarget(path, address);
  const real = await realpath(path);
  if (stat.isDirectory()) {
    if (isStore(real))
      throw new UsageError(`${address.value} is a git repository without a work tree: write git:${address.value}.`);
    return openTree(context, real);
  }
  if (!stat.isFile()) throw new UsageError(`${address.value} is not a file or folder. For a pipe use "-".`);
  return openTree(context, dirname(real), basename(real));
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

function* emptyTree(address: Address, facts: Coverage['facts']): Generator<Collected> {
  const message = `${address.value} holds no files to scan`;
  const gap = { reason: 'nothing-planned', subject: address.value, message, scope: true } as const;
  yield { kind: 'gap', scope: FILES, gap };
  yield { kind: 'plan', scope: FILES, unit: 'files', count: 0, facts };
}
