import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../model/errors.ts';
import { run as build } from './build.ts';
import { dateChangelog, isEarlier, setLockVersion, setVersion, toReleaseManifest } from './release/release-files.ts';
import { readVersion } from './version.ts';

const BRANCH = 'main';

interface GitOptions {
  readonly index?: string;
  readonly input?: string;
}

/** Runs git in the repository and gives its output without the last line end. */
type Git = (args: readonly string[], options?: GitOptions) => string;

/**
 * `npm run release -- <version>`: dates the changelog and sets the version on main, builds, and tags a commit that main
 * does not contain and that carries `dist/`. Pushes nothing, and commits nothing before the build has worked.
 *
 * @throws UsageError when the tree, the branch, the version or the changelog is not ready
 */
export async function run(root: string, args: readonly string[]): Promise<number> {
  const version = args.join(' ');
  const git = gitIn(root);
  const current = await readVersion(root);
  if (isEarlier(version, current)) throw new UsageError(`${version} comes before ${current}, the last version.`);
  checkReady(git, version);
  const bumped = bumpFiles(root, version);
  try {
    for (const [path, text] of bumped) writeFileSync(join(root, path), text);
    await buildAfresh(root, version);
  } catch (error) {
    git(['checkout', '--quiet', '--', ...bumped.keys()]);
    throw error;
  }
  git(['commit', '--quiet', '--message', `Release ${version}`, '--', ...bumped.keys()]);
  const commit = commitDist(root, git, version);
  git(['tag', '--annotate', '--message', `Bowerbird ${version}`, `v${version}`, commit]);
  process.stdout.write(
    `Tagged v${version}; "git show --stat v${version}" shows what it adds to ${BRANCH}. To publish it:\n\n`,
  );
  process.stdout.write(`  git push --atomic origin ${BRANCH} v${version}\n`);
  return 0;
}

function gitIn(root: string): Git {
  return (args, { index, input } = {}) => {
    const env = index === undefined ? process.env : { ...process.env, GIT_INDEX_FILE: index };
    const output = execFileSync('git', args, {
      cwd: root,
      env,
      input,
      stdio: ['pipe', 'pipe', 'inherit'],
      encoding: 'utf8',
    });
    return output.trimEnd();
  };
}

function checkReady(git: Git, version: string): void {
  const branch = git(['rev-parse', '--abbrev-ref', 'HEAD']);
  if (branch !== BRANCH) throw new UsageError(`A release is made on ${BRANCH}, and this is ${branch}.`);
  const changes = git(['status', '--porcelain']);
  if (changes !== '') throw new UsageError(`The tree has changes. Commit them or take them out first:\n${changes}`);
  if (git(['tag', '--list', `v${version}`]) !== '') throw new UsageError(`v${version} exists already.`);
}

/** The files that a release changes on main, with their new text. */
function bumpFiles(root: string, version: string): ReadonlyMap<string, string> {
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  const today = new Date().toISOString().slice(0, 10);
  return new Map([
    ['package.json', setVersion(read('package.json'), version)],
    ['package-lock.json', setLockVersion(read('package-lock.json'), version)],
    ['CHANGELOG.md', dateChangelog(read('CHANGELOG.md'), version, today)],
  ]);
}

async function buildAfresh(root: string, version: string): Promise<void> {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  await build(root, []);
  const said = execFileSync(process.execPath, [join(root, 'dist', 'cli.cjs'), '--version'], {
    encoding: 'utf8',
  }).trim();
  if (said !== version) throw new Error(`The built command calls itself ${said}, not ${version}.`);
}

/**
 * Makes the commit of the tag beside main, in an index of its own: neither the tree nor the index of the user is
 * touched.
 */
function commitDist(root: string, git: Git, version: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'bowerbird-release-'));
  try {
    const index = join(folder, 'index');
    git(['read-tree', 'HEAD'], { index });
    git(['add', '--force', '--', 'dist'], { index });
    const manifest = toReleaseManifest(readFileSync(join(root, 'package.json'), 'utf8'));
    const blob = git(['hash-object', '-w', '--stdin'], { input: manifest });
    git(['update-index', '--cacheinfo', `100644,${blob},package.json`], { index });
    const tree = git(['write-tree'], { index });
    return git(['commit-tree', tree, '-p', 'HEAD', '-m', `Release ${version}, built`]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
