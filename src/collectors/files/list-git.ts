import { isUtf8 } from 'node:buffer';
import type { ByteSource } from '../../git/process/byte-source.ts';
import { GitError } from '../../git/process/error.ts';
import type { Git } from '../../git/process/open.ts';
import { type GitProcess, STDERR_BYTES, startGit } from '../../git/process/process.ts';
import { findPipe, pipeAbove } from './ignore-files.ts';
import type { TreeEntry, TreePart } from './tree.ts';

/** How long git may look for untracked files before somebody looks what it waits for, in ms. */
const PATIENCE = 2_000;

/**
 * Lists the tracked files of a work tree, then untracked ones that are not ignored, below a folder (empty: all). A
 * second git process lists the untracked ones while the tracked ones are read, because it has to walk the whole tree.
 * Throws `GitError`.
 */
export async function* listWorkTree(git: Git, below: string, patience = PATIENCE): AsyncGenerator<TreePart> {
  const limit = below === '' ? [] : ['--', `:(literal)${below}`];
  const pipe = pipeAbove(git.directory, below);
  const others = ['ls-files', '-z', '--others', '--exclude-standard', ...limit];
  const untracked = pipe === undefined ? startGit(git, others) : undefined;
  const tracked = startGit(git, ['ls-files', '-z', '--cached', '--deduplicate', ...limit]);
  try {
    for (const child of [tracked, untracked]) child?.stdin.end();
    yield* toParts(await readNames(tracked.output), await tracked.ended());
    if (untracked === undefined) throw blocksGit(pipe ?? '');
    yield* toParts(await readUntracked(untracked, { root: git.directory, below, patience }), await untracked.ended());
  } finally {
    tracked.stop();
    untracked?.stop();
  }
}

/** Reads names, unless git waits for a pipe that somebody calls an ignore file. */
async function readUntracked(
  untracked: GitProcess,
  { root, below, patience }: { readonly root: string; readonly below: string; readonly patience: number },
): Promise<Buffer[]> {
  let isOver = false;
  let pipe: string | undefined;
  const look = async (): Promise<void> => {
    pipe = await findPipe(root, below, () => isOver);
    if (pipe !== undefined) untracked.stop();
  };
  const timer = setTimeout(() => void look(), patience);
  const names = await readNames(untracked.output);
  isOver = true;
  clearTimeout(timer);
  if (pipe !== undefined) throw blocksGit(pipe);
  return names;
}

function blocksGit(path: string): GitError {
  const what = `${path} is a pipe, for which git would wait for ever, so files that git does not track were not read`;
  return new GitError('failed', `${what}: remove it`);
}

function* toParts(names: readonly Buffer[], stderr: string): Generator<TreePart> {
  const part = toPart(names);
  const complaints = readComplaints(stderr);
  if (part.count > 0) yield part;
  if (complaints.length > 0) yield { count: complaints.length, entries: complaints };
}

/**
 * Returns the folders that git could not list. Git names them on stderr and still succeeds. Only the first 16 KiB of
 * stderr are kept, and git complains of other things, too: then the whole tree is named, since any folder may be
 * missing.
 */
function readComplaints(stderr: string): TreeEntry[] {
  const entries: TreeEntry[] = [];
  if (Buffer.byteLength(stderr) >= STDERR_BYTES) {
    entries.push({ kind: 'error', path: '.', code: 'git complains of more folders than are named here' });
  }
  for (const [, path = '', code = ''] of stderr.matchAll(/^warning: could not open directory '(.*?)\/?': (.*)$/gm)) {
    entries.push({ kind: 'error', path, code });
  }
  return entries;
}

/**
 * Reads the output in blocks that end with a whole name. They stay bytes, which take a fraction of the memory of
 * entries.
 */
async function readNames(output: ByteSource): Promise<Buffer[]> {
  const blocks: Buffer[] = [];
  let rest: Buffer[] = [];
  for (let chunk = await output.next(); chunk !== undefined; chunk = await output.next()) {
    const end = chunk.lastIndexOf(0) + 1;
    if (end > 0) {
      blocks.push(Buffer.concat([...rest, chunk.subarray(0, end)]));
      rest = [];
    }
    rest.push(chunk.subarray(end));
  }
  return blocks;
}

function toPart(blocks: readonly Buffer[]): TreePart {
  let count = 0;
  for (const block of blocks) for (let at = block.indexOf(0); at >= 0; at = block.indexOf(0, at + 1)) count += 1;
  return { count, entries: toEntries(blocks) };
}

function* toEntries(blocks: readonly Buffer[]): Generator<TreeEntry> {
  for (const block of blocks) {
    const names = isUtf8(block) ? block.toString('utf8', 0, block.length - 1).split('\0') : splitBytes(block);
    for (const name of names) yield toEntry(name);
  }
}

function splitBytes(block: Buffer): Buffer[] {
  const names: Buffer[] = [];
  for (let start = 0, end = block.indexOf(0); end >= 0; start = end + 1, end = block.indexOf(0, start)) {
    names.push(block.subarray(start, end));
  }
  return names;
}

/** Git writes a slash behind a repository that lies inside this one. */
function toEntry(name: string | Buffer): TreeEntry {
  const text = typeof name === 'string' ? name : name.toString('utf8');
  const path = text.endsWith('/') ? text.slice(0, -1) : text;
  return typeof name === 'string' || isUtf8(name) ? { kind: 'file', path } : { kind: 'file', path, raw: name };
}
