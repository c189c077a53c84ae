import { resolve } from 'node:path';
import { readLinkedFile } from '../../lib/files/tree-file.ts';
import { GitError } from '../process/error.ts';
import type { Git } from '../process/open.ts';
import { runGit, tryGit } from '../process/process.ts';
import { type Naming, nameRepository, ON_GITHUB } from './remote.ts';

/** Largest file of shallow commits that is read, in bytes. Each commit at the border of a shallow clone takes 41. */
const LARGEST_SHALLOW = 64 * 1024 * 1024;
const OLDEST_MAJOR = 2;
const OLDEST_MINOR = 30;
/** Git knows this option since version 2.31. Older versions print it like any word that they do not know. */
const KNOWN_SINCE_231 = '--path-format=absolute';

/** The facts about a repository. Paths are absolute. */
export interface Repository {
  readonly gitDirectory: string;
  /** Where refs, objects and configuration are. Differs from `gitDirectory` in a linked worktree only. */
  readonly commonDirectory: string;
  readonly bare: boolean;
  readonly shallow: boolean;
  /** Bytes of an object id: 20 (SHA-1) or 32 (SHA-256). */
  readonly width: 20 | 32;
  /** True for a partial clone, which left objects at its remote (promisor). */
  readonly partial: boolean;
  /** The name that differs from all others (`nameRepository`). Holds no credentials. */
  readonly name: string;
}

/**
 * Asks git what the repository is and where.
 * @throws GitError `not-a-repository`, `dubious-ownership`, `not-found`, `git-too-old`
 */
export async function describeRepository(git: Git, naming: Naming = ON_GITHUB): Promise<Repository> {
  const questions = ['--git-dir', '--git-common-dir', '--is-bare-repository', '--is-shallow-repository'];
  const settings = [
    'config',
    '-z',
    '--get-regexp',
    '^(remote\\..*\\.(url|promisor|partialclonefilter)|extensions\\.partialclone)$',
  ];
  const [answer, config] = await Promise.all([
    askRevParse(git, [...questions, '--show-object-format']),
    tryGit(git, settings),
  ]);
  const [gitDirectory = '', commonDirectory = '', bare, shallow, format] = answer;
  const values = parseConfig(config?.toString('utf8') ?? '');
  const common = resolve(git.directory, commonDirectory);
  return {
    gitDirectory: resolve(git.directory, gitDirectory),
    commonDirectory: common,
    bare: bare === 'true',
    shallow: shallow === 'true',
    width: format === 'sha256' ? 32 : 20,
    partial: [...values.keys()].some((key) => /(\.promisor|\.partialclonefilter|extensions\.partialclone)$/.test(key)),
    name: nameRepository(values.get('remote.origin.url') ?? '', common, naming),
  };
}

/**
 * Returns the commits whose parents are missing from a shallow clone.
 * @throws GitError where their list cannot be read: nobody could tell what is missing
 */
export async function shallowCommits(repository: Repository): Promise<ReadonlySet<string>> {
  if (!repository.shallow) return new Set();
  const read = readLinkedFile(resolve(repository.commonDirectory, 'shallow'), LARGEST_SHALLOW);
  if (read.state !== 'read') throw new GitError('failed', 'the list of shallow commits cannot be read');
  return new Set(
    read.bytes
      .toString('latin1')
      .split('\n')
      .filter((line) => line !== ''),
  );
}

/**
 * Asks for the version as well, but only if the answer could come from a version that is too old. Each process costs
 * time.
 */
async function askRevParse(git: Git, questions: readonly string[]): Promise<readonly string[]> {
  try {
    const answer = (await runGit(git, ['rev-parse', ...questions, KNOWN_SINCE_231])).toString('utf8').split('\n');
    if (answer.includes(KNOWN_SINCE_231) || !/^sha\d+$/.test(answer[4] ?? '')) await requireVersion(git);
    return answer;
  } catch (error) {
    if (error instanceof GitError && error.failure === 'failed') await requireVersion(git);
    throw error;
  }
}

async function requireVersion(git: Git): Promise<void> {
  const text = (await runGit(git, ['version'])).toString('utf8');
  const [, major = '0', minor = '0'] = /(\d{1,6})\.(\d{1,6})/.exec(text) ?? [];
  const number = Number(major) * 1000 + Number(minor);
  if (number >= OLDEST_MAJOR * 1000 + OLDEST_MINOR) return;
  throw new GitError('git-too-old', `${text.trim()} is too old: install git ${OLDEST_MAJOR}.${OLDEST_MINOR} or newer`);
}

function parseConfig(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const record of text.split('\0')) {
    const newline = record.indexOf('\n');
    const key = newline < 0 ? record : record.slice(0, newline);
    if (key !== '' && !values.has(key)) values.set(key, newline < 0 ? '' : record.slice(newline + 1));
  }
  return values;
}
