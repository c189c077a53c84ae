import { statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { errorCode } from '../../lib/walk.ts';
import type { Address } from '../../model/address.ts';
import { UsageError } from '../../model/errors.ts';
import type { Coverage } from '../../model/gap.ts';
import { type CollectContext, type Collected, defineCollector } from '../contract.ts';
import { openTree } from './list.ts';
import type { Tree, TreeEntry } from './tree.ts';
import { TreeReader } from './tree-reader.ts';

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
  const reader = new TreeReader(context, tree, SCOPE);
  const facts = { ignoreRules: tree.ignoreRules, root: tree.name };
  let planned = 0;
  try {
    for await (const { count, entries } of tree.parts()) {
      planned += count;
      yield { kind: 'plan', scope: SCOPE, unit: 'files', count, facts };
      for (const block of blocksOf(entries)) {
        reader.begin(block);
        for (let at = 0; at < block.length; at++) {
          const waiting = reader.prepare(at);
          if (waiting !== undefined) await waiting;
          yield reader.take(at);
        }
      }
    }
  } finally {
    await reader.stop();
  }
  if (planned === 0) yield* emptyTree(address, facts);
  // Said last: in a sparse checkout, files that the index lists are not there, and "nothing uses it" would be a guess.
  const whole = tree.whole && planned > 0 && reader.tookAll;
  if (whole) yield { kind: 'plan', scope: SCOPE, unit: 'files', count: 0, facts: { wholeTreeOf: tree.name } };
}

/** Files looked at together, so that a slow disk can be asked for them ahead. */
const BLOCK = 2_048;

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
  if (stat.isDirectory()) return openTree(context, real);
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
  yield { kind: 'gap', scope: SCOPE, gap };
  yield { kind: 'plan', scope: SCOPE, unit: 'files', count: 0, facts };
}
