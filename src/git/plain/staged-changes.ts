import { lstatSync, type Stats, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readLinkedFile } from '../../lib/files/tree-file.ts';
import { isWithin } from '../../lib/system.ts';
import type { Change } from '../changes/raw-diff.ts';
import type { Environment } from '../process/environment.ts';
import { type GitFolders, mergeParents, readText } from '../repository/discover.ts';
import { compareIndex } from './compare.ts';
import { IndexReader } from './index-file.ts';
import { expectPlain } from './not-plain.ts';
import { ObjectReader } from './object-reader.ts';

const LARGEST_INDEX = 16 * 1024 * 1024;
const LARGEST_REFS = 1024 * 1024;
const LARGEST_CONFIG = 1024 * 1024;
const OID = /^[0-9a-f]{40}$/;

/** Variables that git sets for its hooks and others that name places. If one of these is set, git reads the changes. */
const LEFT_TO_GIT = ['GIT_WORK_TREE', 'GIT_COMMON_DIR', 'GIT_OBJECT_DIRECTORY', 'GIT_ALTERNATE_OBJECT_DIRECTORIES'];
/** Variables that say where git looks for repositories, and settings that come with the call. */
const ALWAYS_LEFT_TO_GIT = [
  'GIT_CEILING_DIRECTORIES',
  'GIT_DISCOVERY_ACROSS_FILESYSTEM',
  'GIT_CONFIG_PARAMETERS',
  'GIT_CONFIG_COUNT',
];

/** A folder and how it is looked at. */
export interface StagePlace {
  readonly directory: string;
  readonly folders: GitFolders;
  readonly env: Environment;
  /** Whether variables that name the repository and its index count (see `OpenOptions`). */
  readonly location: boolean;
}

/** Changes of an index, and a way to read the blobs that they name. */
export interface PlainStage {
  readonly changes: readonly Change[];
  /** @throws Error where git should be asked */
  readBlob(oid: string): Buffer;
}

/**
 * Reads what the next commit changes directly from the files of a repository, and passes it to `use`. Starting two git
 * processes takes longer than all of this. Returns undefined for whatever is unusual, damaged, large or owned by
 * somebody else, and if `use` fails to read a blob. The caller then asks git.
 */
export function readPlainStage<T>(place: StagePlace, use: (stage: PlainStage) => T): T | undefined {
  const objects = new ObjectReader(join(place.folders.commonDirectory, 'objects'));
  try {
    expectPlainPlace(place);
    const tree = headTree(place.folders, objects);
    const index = new IndexReader(readIndex(place));
    const changes = compareIndex(index, tree, (oid) => objects.read(oid, 'tree'));
    return use({ changes, readBlob: (oid) => objects.read(oid, 'blob') });
  } catch {
    // Whatever the error was, git decides what it means.
    return undefined;
  } finally {
    objects.close();
  }
}

function expectPlainPlace({ directory, folders, env, location }: StagePlace): void {
  const names = location ? [...LEFT_TO_GIT, ...ALWAYS_LEFT_TO_GIT] : ALWAYS_LEFT_TO_GIT;
  expectPlain(!names.some((name) => env[name]), 'variables');
  expectOwned(resolve(directory), folders);
  expectPlain(!isWithin(resolve(directory), folders.gitDirectory), 'a folder inside of the git directory');
  expectPlainSettings(
    readPlain(join(folders.commonDirectory, 'config'), LARGEST_CONFIG, 'the configuration').toString('utf8'),
  );
  expectPlain(mergeParents(folders).length === 0, 'a merge');
}

/** Git refuses repositories of other users, unless its settings allow them, and repositories on another file system. */
function expectOwned(directory: string, folders: GitFolders): void {
  const user = process.geteuid?.();
  expectPlain(user !== undefined, 'no users');
  const { dev } = statSync(directory);
  const check = ({ uid }: Stats): void => expectPlain(uid === user, 'another owner');
  for (let folder = directory; ; folder = dirname(folder)) {
    const facts = statSync(folder);
    check(facts);
    expectPlain(facts.dev === dev, 'another file system');
    const dot = lstatSync(join(folder, '.git'), { throwIfNoEntry: false });
    if (dot !== undefined) {
      check(dot);
      break;
    }
    expectPlain(dirname(folder) !== folder, 'no work tree');
  }
  for (const folder of [folders.gitDirectory, folders.commonDirectory]) check(statSync(folder));
}

/**
 * Accepts simple settings of a repository in the first format only. What git reads in a special way (an include, an
 * extension, a continued line), or refuses to read, is left to git.
 */
function expectPlainSettings(text: string): void {
  for (const line of text.split('\n')) {
    expectPlain(
      /^\s*(?:[#;].*|\[[\w.-]+(?: "[^"\\]+")?\]|[A-Za-z][\w-]*\s*(?:=[^"\\]*)?)?$/.test(line),
      'form of the settings',
    );
    expectPlain(
      !/^\s*(?:\[(?:extensions|include|includeif)\b|bare\b(?!\s*=\s*false\s*$)|worktree\b)/i.test(line),
      'settings',
    );
    expectPlain(!/^\s*repositoryformatversion\b(?!\s*=\s*0\s*$)/i.test(line), 'format of the repository');
  }
}

function readIndex({ directory, folders, env, location }: StagePlace): Buffer {
  const given = location ? env['GIT_INDEX_FILE'] : undefined;
  const file = given ? resolve(directory, given) : join(folders.gitDirectory, 'index');
  return readPlain(file, LARGEST_INDEX, 'the index');
}

/** @throws NotPlain if it is absent, too large or no file. Git reads it then */
function readPlain(file: string, limit: number, what: string): Buffer {
  const read = readLinkedFile(file, limit);
  expectPlain(read.state === 'read', what);
  return read.bytes;
}

/**
 * Returns the id of the commit that is checked out (SHA-1).
 * @throws NotPlain where only git can tell
 */
export function readHead(folders: GitFolders): string {
  const head = readText(join(folders.gitDirectory, 'HEAD')).trimEnd();
  return OID.test(head) ? head : readRef(folders, /^ref: (refs\/heads\/.+)$/.exec(head)?.[1]);
}

/** The tree of the commit that is checked out. */
function headTree(folders: GitFolders, objects: ObjectReader): string {
  const commit = readHead(folders);
  const tree = /^tree ([0-9a-f]{40})\n/.exec(objects.read(commit, 'commit').toString('latin1', 0, 64))?.[1];
  expectPlain(tree !== undefined, 'a commit without a tree');
  return tree;
}

function readRef(folders: GitFolders, name: string | undefined): string {
  expectPlain(name !== undefined && !/(?:^|\/)\.{1,2}(?:\/|$)|\\/.test(name), 'name of HEAD');
  const loose = readText(join(folders.commonDirectory, name)).trimEnd();
  if (OID.test(loose)) return loose;
  expectPlain(loose === '', 'what HEAD refers to');
  const file = join(folders.commonDirectory, 'packed-refs');
  const line = readPlain(file, LARGEST_REFS, 'packed refs')
    .toString('utf8')
    .split('\n')
    .find((line) => line.endsWith(` ${name}`));
  const packed = line?.slice(0, -name.length - 1) ?? '';
  expectPlain(OID.test(packed), 'what HEAD refers to');
  return packed;
}
