import { accessSync, constants, statSync } from 'node:fs';
import { devNull } from 'node:os';
import { listSearchPath, programIn } from '../../lib/system.ts';
import { GitError } from './error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that say where the repository, its index and its objects are. Git sets them for hooks. */
const LOCATION = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_COMMON_DIR',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
];

/** Variables of the user that git needs to start, to find the user's configuration and to reach a network. */
const KEPT = [
  'PATH',
  'HOME',
  'XDG_CONFIG_HOME',
  'TMPDIR',
  'TEMP',
  'TMP',
  'USERPROFILE',
  'SYSTEMROOT',
  'SystemRoot',
  'COMSPEC',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  'GIT_EXEC_PATH',
  'GIT_CEILING_DIRECTORIES',
  'GIT_DISCOVERY_ACROSS_FILESYSTEM',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_CONFIG_PARAMETERS',
  'GIT_CONFIG_COUNT',
  'SUDO_UID',
];
const KEPT_PATTERN = /^GIT_CONFIG_(KEY|VALUE)_\d+$/;

const NETWORK = [
  'SSH_AUTH_SOCK',
  'GIT_SSL_CAINFO',
  'GIT_SSL_CAPATH',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'http_proxy',
  'https_proxy',
  'HTTPS_PROXY',
  'all_proxy',
  'ALL_PROXY',
  'no_proxy',
  'NO_PROXY',
];

/** Set for every call, so that git never asks, locks, fetches, replaces objects or translates its messages. */
const FIXED: Environment = {
  LC_ALL: 'C',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_GRAFT_FILE: devNull,
  GIT_ASKPASS: '',
  GIT_PROXY_COMMAND: '',
  GIT_PAGER: 'cat',
  NoDefaultCurrentDirectoryInExePath: '1',
};

/**
 * Returns the environment of a git process, made from an allowlist. Nothing else of the caller's environment (external
 * diff programs, trace targets, editors) reaches git. `location` keeps the variables that git sets for hooks. Without
 * it git looks for the repository in its working directory only. `network` allows the transports that run no program of
 * the repository.
 */
export function gitEnvironment(
  env: Environment,
  options: { readonly location: boolean; readonly network?: boolean },
): Record<string, string> {
  const names = [...KEPT, ...(options.location ? LOCATION : []), ...(options.network ? NETWORK : [])];
  const variables = Object.entries(env).filter(([name]) => names.includes(name) || KEPT_PATTERN.test(name));
  const transport: Environment = options.network
    ? { GIT_ALLOW_PROTOCOL: 'https:http:ssh:file', GIT_SSH_COMMAND: env['GIT_SSH_COMMAND'] ?? 'ssh -oBatchMode=yes' }
    : { GIT_ALLOW_PROTOCOL: 'none' };
  return defined({ ...Object.fromEntries(variables), ...FIXED, ...transport });
}

/**
 * Returns the absolute path of the git program. Relative entries of PATH are ignored, so that a program in a scanned
 * folder is never taken for git.
 * @throws GitError `git-missing`
 */
export function findGit(env: Environment): string {
  for (const folder of listSearchPath(env)) {
    const file = programIn(folder, 'git');
    if (isProgram(file)) return file;
  }
  throw new GitError('git-missing', 'git was not found on PATH: install git 2.30 or newer (https://git-scm.com)');
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function defined(env: Environment): Record<string, string> {
  const entries = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}
