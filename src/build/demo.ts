import { execFileSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expandTemplate } from '../lib/template/expand.ts';
import { DERIVED } from './demo/derived.ts';

const PLACEHOLDER = /%\{([a-z0-9-]+)\|(.+?)(?: => ([a-z0-9 -]+))?\}%/g;

/** The day the fictitious key was committed: fixed, so that the demonstration never changes. */
const COMMITTED = '2026-02-03T09:12:00Z';
const AUTHOR = 'Jordan Lee';

/**
 * Makes the fictitious company of `fixtures/company` in a folder: its repository as a real git repository, and the
 * recorded API answers beside it. Values of live shape exist only here, made from a seed, and were never live.
 */
export async function makeCompany(root: string, target: string): Promise<void> {
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  await cp(join(root, 'fixtures', 'company'), target, { recursive: true });
  await rm(join(target, 'README.md'), { force: true });
  await expandFolder(target);
  commitRepository(join(target, 'repository'), 'shop');
  commitRepository(join(target, 'platform'), 'platform');
}

async function expandFolder(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const text = await readFile(file, 'utf8');
    const expanded = expandPlaceholders(text);
    if (expanded !== text) await writeFile(file, expanded);
  }
}

/**
 * Replaces `%{label|template}%`: the same label and template give the same value in every file. What a provider lists
 * of a value is made from it: `%{label|template => last 8}%`.
 */
export function expandPlaceholders(text: string): string {
  return text.replace(PLACEHOLDER, (_, label: string, template: string, derived: string | undefined) => {
    const value = expandTemplate(template, `company/${label}`);
    const derive = derived === undefined ? undefined : DERIVED[derived];
    if (derived !== undefined && derive === undefined) throw new Error(`no way to derive "${derived}" of ${label}`);
    return derive === undefined ? value : derive(value);
  });
}

function commitRepository(folder: string, name: string): void {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: AUTHOR,
    GIT_AUTHOR_EMAIL: 'jordan@acme.example',
    GIT_AUTHOR_DATE: COMMITTED,
    GIT_COMMITTER_NAME: AUTHOR,
    GIT_COMMITTER_EMAIL: 'jordan@acme.example',
    GIT_COMMITTER_DATE: COMMITTED,
  };
  const git = (...args: string[]): void => {
    execFileSync('git', args, { cwd: folder, env, stdio: 'pipe' });
  };
  git('init', '-q', '-b', 'main');
  git('remote', 'add', 'origin', `https://github.com/acme/${name}.git`);
  git('add', '-A');
  git('commit', '-q', '-m', 'Shop, pipeline and infrastructure');
}

/** What the demonstration scans. */
export const TARGETS: readonly string[] = [
  'repository',
  'git:repository',
  'platform',
  'dump:github-acme',
  'dump:aws-acme',
];

/** `npm run demo`: makes the company and scans it with the built command line. */
export async function run(root: string, args: readonly string[]): Promise<number> {
  const target = join(root, 'dist', 'demo');
  await makeCompany(root, target);
  if (args.includes('--make-only')) return 0;
  const command = ['scan', ...TARGETS];
  process.stdout.write(`$ cd dist/demo && bowerbird ${command.join(' ')}\n\n`);
  try {
    execFileSync(process.execPath, [join(root, 'dist', 'cli.cjs'), ...command, ...args], {
      cwd: target,
      stdio: 'inherit',
    });
  } catch (error) {
    // Findings are the point of the demonstration: exit code 1 is its success.
    if (!(error instanceof Error) || !('status' in error) || error.status !== 1) throw error;
  }
  return 0;
}
