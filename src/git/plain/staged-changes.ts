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

/** What git sets for its hooks, and what else names places. Where one of the others is set, git reads. */
const LEFT_TO_GIT = ['GIT_WORK_TREE', 'GIT_COMMON_DIR', 'GIT_OBJECT_DIRECTORY', 'GIT_ALTERNATE_OBJECT_DIRECTORIES'];
/** Where git looks for repositories, and settings that come with the call. */
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
  /** @throws Error for what git should be asked for */
  readBlob(oid: string): Buffer;
}

/**
 * Reads what the next commit changes straight from the files of a repository, and returns it to `use`: two git
 * processes take longer than all that. The result is undefined for whatever is unusual, damaged, large or
 * not the user's own, and when `use` fails to read a blob: then the caller asks git.
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
    // Whatever it was, git decides what it is.
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

/**
 * Git refuses repositories of other users, unless it was told otherwise, and those that begin on another file system.
 */
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
 * Settings in their simplest form, of a repository in its first format. What git reads otherwise (an include, an
 * extension, a line that continues) and what it refuses to read is left to it.
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

/** @throws NotPlain for what is absent, large, or no file: git reads it */
function readPlain(file: string, limit: number, what: string): Buffer {
  const read = readLinkedFile(file, limit);
  expectPlain(read.state === 'read', what);
  return read.bytes;
}

/** Id of the commit that is checked out, SHA-1. @throws NotPlain where only git can tell */
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
