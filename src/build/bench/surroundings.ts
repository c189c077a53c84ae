import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import type { Machine } from './model.ts';

/** Nothing listens there: whoever tries the network in spite of its flags is refused at once. */
const NO_NETWORK = 'http://127.0.0.1:9';

/** Repositories of other owners are refused by git otherwise; some scanners make a commit of what is staged. */
const GIT_CONFIG = `[safe]
	directory = *
[user]
	name = bench
	email = bench@localhost
[protocol]
	allow = never
[protocol "file"]
	allow = always
`;

/**
 * The environment of every run: PATH, and a home and a temporary folder of its own, so that nobody's settings or caches
 * of earlier benchmarks count. Caches that a scanner writes stay for its next round. Proxies lead nowhere.
 */
export function makeEnvironment(folder: string, path: string): Readonly<Record<string, string>> {
  const home = join(folder, 'home');
  const temporary = join(folder, 'tmp');
  mkdirSync(home, { recursive: true });
  mkdirSync(temporary, { recursive: true });
  writeFileSync(join(home, '.gitconfig'), GIT_CONFIG);
  return {
    PATH: path,
    HOME: home,
    TMPDIR: temporary,
    LANG: 'C.UTF-8',
    NO_COLOR: '1',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    HTTP_PROXY: NO_NETWORK,
    HTTPS_PROXY: NO_NETWORK,
    ALL_PROXY: NO_NETWORK,
    http_proxy: NO_NETWORK,
    https_proxy: NO_NETWORK,
    all_proxy: NO_NETWORK,
  };
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memory: totalmem(),
    system: `${type()} ${release()}`,
    node: process.version,
  };
}

/** The commit that is checked out, with a plus sign when files differ from it; "unknown" outside git. */
export function describeCommit(root: string): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return `${git('rev-parse', '--short=12', 'HEAD')}${git('status', '--porcelain', '--', 'src', 'rules') === '' ? '' : '+'}`;
  } catch {
    return 'unknown';
  }
}
