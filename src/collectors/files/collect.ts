import { statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { errorCode } from '../../lib/walk.ts';
import type { Address } from '../../model/address.ts';
import { UsageError } from '../../model/errors.ts';
import type { Coverage } from '../../model/gap.ts';
import type { CollectContext, Collected } from '../contract.ts';
import { openTree } from './list.ts';
import { isStore } from './store.ts';
import type { Tree, TreeEntry } from './tree.ts';
import { FILES, FilesWork } from './work.ts';

/** Reads a folder or one file. */
export async function* collectFiles(context: CollectContext, address: Address): AsyncGenerator<Collected> {
  const tree = await openTarget(context, address);
  const facts = { ignoreRules: tree.ignoreRules, root: tree.name };
  let planned = 0;
  let tookAll = true;
  for await (const { count, entries } of tree.parts()) {
    planned += count;
    yield { kind: 'plan', scope: FILES, unit: 'files', count, facts };
    for (const block of blocksOf(entries)) {
      const work = new FilesWork(context, tree, block);
      yield { kind: 'work', work };
      await work.close();
      tookAll &&= work.tookAll;
    }
  }
  if (planned === 0) yield* emptyTree(address, facts);
  // Said last: in a sparse checkout, files that the index lists are not there, and "nothing uses it" would be a guess.
  const whole = tree.whole && planned > 0 && tookAll;
  if (whole) yield { kind: 'plan', scope: FILES, unit: 'files', count: 0, facts: { wholeTreeOf: tree.name } };
}

/** Files that are shared out together: the entries of most trees, and few enough not to fill the memory. */
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
