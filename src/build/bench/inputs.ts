import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, lstatSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { expandTemplate } from '../../lib/template/expand.ts';
import { UsageError } from '../../model/errors.ts';
import { measureFolder, warmFolder } from './folder.ts';
import type { InputFacts, Job, Work } from './model.ts';
import type { Folder } from './options.ts';

const NEW_COMMITS = 30;
const STAGED_FILES = 3;
const STAGED_SMALLEST = 1_000;
const STAGED_LARGEST = 50_000;
const LARGEST_LISTING = 1024 * 1024 * 1024;

/** What preparing needs: a folder of its own, and the environment of git. */
export interface Workshop {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Makes the input of one kind of work from a repository. Copies lie in the workshop; the repository itself is only
 * read.
 *
 * @throws UsageError when the folder is no repository and the work needs one
 */
export async function prepareJob(work: Work, folder: Folder, shop: Workshop): Promise<Job> {
  const git = findGitFolder(folder.path, shop.env);
  if (work === 'tree') return git === undefined ? prepareFolder(folder) : prepareTree(folder, git, shop);
  if (git === undefined) throw new UsageError(`${folder.path} is no git repository; only --work tree can use it.`);
  if (work === 'staged') return prepareStaged(folder, git, shop);
  if (work === 'incremental') return prepareIncremental(folder, git, shop);
  return prepareHistory(folder, git, shop);
}

function runGit(shop: Workshop, args: readonly string[], more: Readonly<Record<string, string>> = {}): string {
  return execFileSync('git', [...args], {
    env: { ...shop.env, ...more },
    encoding: 'utf8',
    maxBuffer: LARGEST_LISTING,
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}

/** The git directory of a folder that is a repository itself, not of one around it. */
export function findGitFolder(path: string, env: Workshop['env']): string | undefined {
  for (const candidate of [join(path, '.git'), path]) {
    try {
      runGit({ folder: path, env }, ['--git-dir', candidate, 'rev-parse', '--git-dir']);
      return candidate;
    } catch (error) {
      if (!(error instanceof Error && 'status' in error && error.status === 128)) throw error;
    }
  }
  return undefined;
}

async function prepareHistory(folder: Folder, git: string, shop: Workshop): Promise<Job> {
  const facts = await describeHistory(git, shop);
  warmFolder(git);
  return { work: 'history', input: folder.name, target: folder.path, bare: git === folder.path, facts };
}

async function describeHistory(git: string, shop: Workshop): Promise<InputFacts> {
  const { stdout } = await promisify(execFile)(
    'git',
    ['--git-dir', git, 'cat-file', '--batch-all-objects', '--unordered', '--batch-check=%(objecttype) %(objectsize)'],
    { env: { ...shop.env }, maxBuffer: LARGEST_LISTING },
  );
  const lines = stdout.trim().split('\n');
  let bytes = 0;
  for (const line of lines) if (line.startsWith('blob ')) bytes += Number(line.slice('blob '.length));
  const commits = Number(runGit(shop, ['--git-dir', git, 'rev-list', '--all', '--count']));
  return { bytes, commits, objects: lines.length, packBytes: measureFolder(join(git, 'objects')).bytes };
}

function prepareFolder(folder: Folder): Job {
  warmFolder(folder.path);
  return { work: 'tree', input: folder.name, target: folder.path, facts: measureFolder(folder.path) };
}

/**
 * Writes the files of HEAD into a folder without a repository, so that all scanners see the same files and no `.git`.
 */
function prepareTree(folder: Folder, git: string, shop: Workshop): Job {
  const target = join(shop.folder, `tree-${folder.name}`);
  mkdirSync(target);
  const more = { GIT_INDEX_FILE: join(shop.folder, `index-${folder.name}`), GIT_DIR: git, GIT_WORK_TREE: target };
  runGit(shop, ['read-tree', 'HEAD'], more);
  runGit(shop, ['checkout-index', '--all', '--force', '--quiet'], more);
  return { work: 'tree', input: folder.name, target, facts: measureFolder(target) };
}

/** A clone in which three files of ordinary size have one more line, the first with a made-up key. */
function prepareStaged(folder: Folder, git: string, shop: Workshop): Job {
  const target = join(shop.folder, `staged-${folder.name}`);
  const copies = join(shop.folder, `copies-${folder.name}`);
  runGit(shop, ['clone', '--quiet', '--no-hardlinks', git, target]);
  mkdirSync(copies);
  const files = pickFiles(target, runGit(shop, ['-C', target, 'ls-files', '-z']).split('\0'));
  for (const [index, file] of files.entries()) {
    const path = join(target, file);
    writeFileSync(path, `${readFileSync(path, 'latin1')}\n${makeLine(index)}\n`, 'latin1');
    copyFileSync(path, join(copies, `${index}-${basename(file)}`));
  }
  runGit(shop, ['-C', target, 'add', '--', ...files]);
  return {
    work: 'staged',
    input: folder.name,
    target,
    copies,
    facts: { files: files.length, bytes: measureFolder(copies).bytes },
  };
}

function makeLine(index: number): string {
  if (index > 0) return `changed line ${index}`;
  return `token = "${expandTemplate(`gh${'p_'}{github-crc:36}`, 'bench/staged')}"`;
}

/** Text files of ordinary size, spread evenly over the names; any text files when there are too few of those. */
function pickFiles(root: string, names: readonly string[]): readonly string[] {
  const text = names.filter((name) => isText(join(root, name)));
  const ordinary = text.filter((name) => {
    const { size } = statSync(join(root, name));
    return size >= STAGED_SMALLEST && size <= STAGED_LARGEST;
  });
  const choice = ordinary.length >= STAGED_FILES ? ordinary : text;
  const step = Math.max(1, Math.floor(choice.length / STAGED_FILES));
  return choice.filter((_, index) => index % step === 0).slice(0, STAGED_FILES);
}

function isText(path: string): boolean {
  const stat = lstatSync(path);
  return stat.isFile() && !readFileSync(path).includes(0);
}

/** A clone of the history of HEAD as it was some 30 commits ago, into which the newer commits are then fetched. */
function prepareIncremental(folder: Folder, git: string, shop: Workshop): Job {
  const whole = join(shop.folder, 'whole', folder.name);
  // The last part of the path is a name in reports: it is the same before and after.
  const target = join(shop.folder, 'incremental', folder.name);
  const earlier = join(shop.folder, 'earlier', folder.name);
  const since = findEarlierTip(git, shop);
  runGit(shop, ['clone', '--quiet', '--bare', '--no-hardlinks', git, whole]);
  runGit(shop, ['--git-dir', whole, 'branch', '--force', 'bench-before', since]);
  runGit(shop, [
    'clone',
    '--quiet',
    '--bare',
    '--single-branch',
    '--branch',
    'bench-before',
    `file://${whole}`,
    target,
  ]);
  cpSync(target, earlier, { recursive: true });
  const inTarget = (...args: string[]): string => runGit(shop, ['--git-dir', target, ...args]);
  inTarget('-c', 'gc.auto=0', 'fetch', '--quiet', `file://${whole}`, 'HEAD:refs/heads/bench-after');
  inTarget('symbolic-ref', 'HEAD', 'refs/heads/bench-after');
  const commits = Number(inTarget('rev-list', '--count', `${since}..HEAD`));
  return { work: 'incremental', input: folder.name, target, earlier, bare: true, since, facts: { commits } };
}

/** The nearest first-parent ancestor of HEAD that lacks at least 30 commits; the oldest when the history is shorter. */
function findEarlierTip(git: string, shop: Workshop): string {
  const ancestors = runGit(shop, [
    '--git-dir',
    git,
    'rev-list',
    '--first-parent',
    `--max-count=${NEW_COMMITS + 1}`,
    'HEAD',
  ]);
  const list = ancestors.split('\n');
  for (const ancestor of list) {
    const count = Number(runGit(shop, ['--git-dir', git, 'rev-list', '--count', `${ancestor}..HEAD`]));
    if (count >= NEW_COMMITS) return ancestor;
  }
  return list.at(-1) ?? 'HEAD';
}
