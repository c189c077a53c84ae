import { isUtf8 } from 'node:buffer';
import type { ByteSource } from '../../git/process/byte-source.ts';
import { type Git, startGit } from '../../git/process/process.ts';
import type { TreeEntry, TreePart } from './tree.ts';

/**
 * Lists the tracked files of a work tree, then untracked ones that are not ignored, below a folder (empty: all). A
 * second git process lists the untracked ones while the tracked ones are read, because it has to walk the whole tree.
 * Throws `GitError`.
 */
export async function* listWorkTree(git: Git, below: string): AsyncGenerator<TreePart> {
  const limit = below === '' ? [] : ['--', `:(literal)${below}`];
  const untracked = startGit(git, ['ls-files', '-z', '--others', '--exclude-standard', ...limit]);
  const tracked = startGit(git, ['ls-files', '-z', '--cached', '--deduplicate', ...limit]);
  try {
    for (const { stdin } of [tracked, untracked]) stdin.end();
    for (const { output, ended } of [tracked, untracked]) {
      const part = toPart(await readNames(output));
      const complaints = readComplaints(await ended());
      if (part.count > 0) yield part;
      if (complaints.length > 0) yield { count: complaints.length, entries: complaints };
    }
  } finally {
    tracked.stop();
    untracked.stop();
  }
}

/**
 * Returns the folders that git could not list. Git names them on stderr and still succeeds. `process.ts` keeps only the
 * first 16 KiB of stderr, so there can be more than are named.
 */
function readComplaints(stderr: string): TreeEntry[] {
  const entries: TreeEntry[] = [];
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
