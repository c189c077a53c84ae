import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTreeFile } from '../lib/files/tree-file.ts';
import type { RemoteTips } from './contract.ts';

/** A hundred thousand refs with long names take 30 MB. */
const MOST_PACKED = 256 * 1024 * 1024;
const MOST_LOOSE = 4096;
const DEEPEST = 100;
const LINE = /^([0-9a-f]{40}|[0-9a-f]{64}) (refs\/.+)$/;
const ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * Reads the refs of a bare repository without git: packed ones, then loose ones, which win. Undefined where a file is
 * not as git writes it: then nobody should rely on the mirror.
 */
export function readRefs(mirror: string): Map<string, string> | undefined {
  const refs = new Map<string, string>();
  const packed = readTreeFile(join(mirror, 'packed-refs'), MOST_PACKED);
  if (packed.state === 'read') {
    if (!readPacked(packed.bytes.toString('utf8'), refs)) return undefined;
  } else if (packed.state !== 'absent') {
    return undefined;
  }
  return readLoose(mirror, 'refs', refs, 0) ? refs : undefined;
}

function readPacked(text: string, refs: Map<string, string>): boolean {
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#') || line.startsWith('^')) continue;
    const [, id, name] = LINE.exec(line) ?? [];
    if (id === undefined || name === undefined) return false;
    refs.set(name, id);
  }
  return true;
}

/** Locks are skipped: no ref may end so. */
function readLoose(mirror: string, path: string, refs: Map<string, string>, depth: number): boolean {
  if (depth > DEEPEST) return false;
  for (const entry of entriesOf(join(mirror, path))) {
    const name = `${path}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!readLoose(mirror, name, refs, depth + 1)) return false;
    } else if (!name.endsWith('.lock')) {
      const read = readTreeFile(join(mirror, name), MOST_LOOSE);
      const id = read.state === 'read' ? read.bytes.toString('latin1').trimEnd() : '';
      if (!ID.test(id)) return false;
      refs.set(name, id);
    }
  }
  return true;
}

/** Number of refs that have a file of their own. */
export function countLoose(mirror: string): number {
  return entriesOf(join(mirror, 'refs'), true).filter((entry) => entry.isFile()).length;
}

/** Removes what a killed git left: locks, which would stop the next one, and half of a pack. */
export function removeLeftovers(mirror: string): void {
  for (const path of ['.', 'refs', 'objects/pack']) {
    const deep = path === 'refs';
    for (const entry of entriesOf(join(mirror, path), deep)) {
      const isHalf = path === 'objects/pack' && /^\.?tmp_/.test(entry.name);
      if (entry.isFile() && (isHalf || entry.name.endsWith('.lock'))) rmSync(join(entry.parentPath, entry.name));
    }
  }
}

function entriesOf(folder: string, recursive = false) {
  try {
    return readdirSync(folder, { withFileTypes: true, recursive });
  } catch {
    return [];
  }
}

/** Makes the refs of a bare repository these, and no others. */
export function writeRefs(mirror: string, refs: ReadonlyMap<string, string>): void {
  const names = [...refs.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const file = join(mirror, 'packed-refs');
  writeFileSync(`${file}.new`, names.map((name) => `${refs.get(name)} ${name}\n`).join(''));
  renameSync(`${file}.new`, file);
  for (const { name } of entriesOf(join(mirror, 'refs'))) rmSync(join(mirror, 'refs', name), { recursive: true });
  mkdirSync(join(mirror, 'refs', 'heads'));
}

export function areEqual(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string> | undefined): boolean {
  return b !== undefined && a.size === b.size && [...a].every(([name, id]) => b.get(name) === id);
}

/** Whether the refs that are mirrored are the ones that the host has. Only a whole list can say so. */
export function areSame(
  local: ReadonlyMap<string, string>,
  tips: RemoteTips | undefined,
  prefixes: readonly string[],
): boolean {
  if (!tips?.complete) return false;
  const wanted = [...tips.refs].filter(([name]) => prefixes.some((prefix) => name.startsWith(prefix)));
  return wanted.length === local.size && wanted.every(([name, id]) => local.get(name) === id);
}

/** Reads what `git ls-remote` prints: how many refs begin so, and the branch that HEAD names, if it was asked for. */
export function parseListing(
  text: string,
  prefixes: readonly string[],
): { readonly count: number; readonly head?: string } {
  const names = text.split('\n').map((line) => line.slice(line.indexOf('\t') + 1));
  const count = names.filter(
    (name) => !name.endsWith('^{}') && prefixes.some((start) => name.startsWith(start)),
  ).length;
  const head = /^ref: (refs\/heads\/\S{1,1024})\tHEAD$/m.exec(text)?.[1];
  return head === undefined ? { count } : { count, head };
}
