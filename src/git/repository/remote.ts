import { realpathSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { Git } from '../process/open.ts';
import { tryGit } from '../process/process.ts';

/** The host that is left out of names: `owner/name` without a host means GitHub, as for npm and GitHub itself. */
const GITHUB = 'github.com';
/** Hosts that are one server: for SSH over HTTPS, and for the second SSH key of somebody with two accounts. */
const SAME_HOSTS: readonly (readonly [RegExp, string])[] = [
  [/^(?:www|ssh)\.github\.com$/, GITHUB],
  [/^altssh\.(gitlab\.com|bitbucket\.org)$/, '$1'],
  [/^ssh\.(dev\.azure\.com)$/, '$1'],
  [/^(github\.com|gitlab\.com|bitbucket\.org)-.*$/, '$1'],
  [/^(github|gitlab)-[^.]*$/, '$1.com'],
];

/** What decides the name of a repository beside its remotes. */
export interface Naming {
  /** Host of the GitHub server of this run. Its repositories are called `owner/name`. */
  readonly home: string;
}

/** The default. */
export const ON_GITHUB: Naming = { home: GITHUB };

/** The GitHub server that the environment names (GitHub sets these variables for workflows), else github.com. */
export function namingOf(env: Readonly<Record<string, string | undefined>>): Naming {
  const url = env['GITHUB_API_URL'] || env['GITHUB_SERVER_URL'] || '';
  const host = URL.canParse(url) ? new URL(url).hostname.toLowerCase() : '';
  return { home: host === '' ? GITHUB : host.replace(/^api\./, '') };
}

/**
 * Returns the name of the repository with this git folder: see `nameRepository`.
 * @param commonDirectory absolute
 */
export async function repositoryName(git: Git, commonDirectory: string, naming: Naming): Promise<string> {
  const url = await tryGit(git, ['config', '--get', 'remote.origin.url']);
  return nameRepository(url?.toString('utf8') ?? '', commonDirectory, naming);
}

/** The same without git, from the text of the configuration file of the repository. */
export function nameFromConfig(config: string, commonDirectory: string, naming: Naming): string {
  const section = /^\[remote "origin"\]\s*$([^[]*)/m.exec(config)?.[1] ?? '';
  return nameRepository(/^\s*url\s*=\s*(\S+)/m.exec(section)?.[1] ?? '', commonDirectory, naming);
}

/**
 * Names a repository so that it differs from all others: `owner/name` on GitHub, `host/path` for other remotes, else
 * the name of the folder and a number made from its place (`app~5c1f09ab37`). A clone of a repository on this machine
 * has the name of that repository. The name holds no credentials.
 */
export function nameRepository(url: string, commonDirectory: string, naming: Naming): string {
  const text = url.trim();
  const remote = nameFromUrl(text, naming);
  if (remote !== undefined) return remote;
  const path = text.startsWith('file:') ? pathOfUrl(text) : text;
  return nameFromPlace(path === '' ? commonDirectory : resolve(workFolder(commonDirectory), path));
}

/**
 * Takes host and path out of a remote URL, without credentials, port and `.git`. Returns only the path if the host is
 * `naming.home`, and undefined for a path on this machine.
 */
export function nameFromUrl(url: string, { home }: Naming = ON_GITHUB): string | undefined {
  const match = /^(?:[a-z][a-z0-9+.-]*:\/\/(?:[^/@]*@)?([^/]+)\/|(?:[^/@:]+@)?([^/:@]{2,}):(?!\\))(.+)$/i.exec(
    url.trim(),
  );
  if (match === null || url.startsWith('file:')) return undefined;
  const host = canonicalHost(match[1] ?? match[2] ?? '');
  const parts = (match[3] ?? '')
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .split('/')
    .filter((part) => part !== '' && part !== '_git' && part !== '~');
  // Azure's addresses for SSH begin with a version.
  if (host === 'dev.azure.com' && parts[0] === 'v3') parts.shift();
  if (parts.length === 0) return undefined;
  return host === home ? parts.join('/') : `${shownHost(host)}/${parts.join('/')}`;
}

function canonicalHost(host: string): string {
  const name = host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');
  for (const [pattern, same] of SAME_HOSTS) if (pattern.test(name)) return name.replace(pattern, same);
  return name;
}

/**
 * No GitHub owner has a dot in its name. A host without a dot gets one, so that `work/app` is not read as an owner's
 * repository.
 */
function shownHost(host: string): string {
  const name = host.replaceAll(':', '_');
  return /[._]/.test(name) ? name : `${name}.`;
}

function pathOfUrl(url: string): string {
  return decode(URL.canParse(url) ? new URL(url).pathname : '').replace(/^\/(?=[A-Za-z]:)/, '');
}

/** Bytes that are not UTF-8 stay as they are written (`%ff`). */
function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/**
 * Names a folder without a remote, or without any git: its name and a number made from its place (`app~5c1f09ab37`).
 * Links are followed first, so that a folder has one name.
 */
export function nameFromPlace(path: string): string {
  const place = realPath(workFolder(realPath(path)));
  return `${basename(place).replace(/\.git$/, '')}~${hash(place)}`;
}

/** Returns the folder that holds a repository. Takes that folder or its `.git`. */
function workFolder(folder: string): string {
  return basename(folder) === '.git' ? dirname(folder) : folder;
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/**
 * Returns ten hex digits (FNV-1a, 40 of 52 bits). They only have to tell a few folders apart. Loading `crypto` would
 * cost a hook more time than its scan.
 */
function hash(text: string): string {
  let [high, low] = [0x811c9dc5, 0x1b873593];
  for (const byte of Buffer.from(text, 'utf8')) {
    high = Math.imul(high ^ byte, 0x01000193);
    low = Math.imul(low ^ byte ^ (high >>> 15), 0x85ebca6b);
  }
  const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');
  return (hex(high) + hex(low)).slice(3, 13);
}
