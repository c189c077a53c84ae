import { basename, dirname } from 'node:path';
import { type Git, tryGit } from '../process/process.ts';

/**
 * Name of the repository whose working tree or git folder is `root`: `owner/name` of the remote `origin`, else the folder's
 * name. Holds no credentials.
 */
export async function repositoryName(git: Git, root: string): Promise<string> {
  const url = await tryGit(git, ['config', '--get', 'remote.origin.url']);
  return nameFromUrl(url?.toString('utf8') ?? '') ?? folderName(root);
}

/** The same without starting git, from the text of the repository's configuration file. */
export function nameFromConfig(config: string, root: string): string {
  const section = /^\[remote "origin"\]\s*$([^[]*)/m.exec(config)?.[1] ?? '';
  const url = /^\s*url\s*=\s*(\S+)/m.exec(section)?.[1] ?? '';
  return nameFromUrl(url) ?? folderName(root);
}

/**
 * `owner/name` (all parts of a nested group) out of a remote URL, without credentials, `.git` and host. Undefined for a path
 * on this machine.
 */
export function nameFromUrl(url: string): string | undefined {
  const match = /^(?:[a-z][a-z0-9+.-]*:\/\/(?:[^/]*@)?[^/]+\/|(?:[^/@:]+@)?[^/:@]{2,}:(?!\\))(.+)$/i.exec(url.trim());
  if (match === null || url.startsWith('file:')) return undefined;
  const parts = (match[1] ?? '')
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .split('/');
  const kept = parts.filter((part) => part !== '' && part !== '_git' && part !== '~');
  return kept.length === 0 ? undefined : kept.join('/');
}

/** Name of the folder that holds a repository, given that folder or its `.git`. */
export function folderName(commonDirectory: string): string {
  const name = basename(commonDirectory);
  return name === '.git' ? basename(dirname(commonDirectory)) : name.replace(/\.git$/, '');
}
