import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isLoopbackHost } from '../../lib/http/address.ts';

/** A repository that git can clone. */
export interface Remote {
  readonly url: string;
  /** `git.example/acme/app`. */
  readonly name: string;
  /** The same for all URLs of a repository: host and path. */
  readonly key: string;
}

/** Why a URL is not used, as a sentence without its subject, and what to write instead. */
export interface RefusedRemote {
  readonly refused: string;
}

/** What may stand in a list. */
export interface RemotePolicy {
  /** Relative paths start here. */
  readonly cwd: string;
  /** True: `file://`, paths, and http to this machine. */
  readonly allowLocal: boolean;
}

const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]{0,30}):\/\//;
/** `git@host:path`, as scp writes it. What stands before the colon holds no slash. */
const SCP = /^([A-Za-z0-9_][A-Za-z0-9_.-]{0,63})@([A-Za-z0-9][A-Za-z0-9.-]{0,252}):\/{0,1}([^\s/:][^\s:]{0,2000})$/;
/** `C:\repos\app` is a path and no host. */
const DRIVE = /^[A-Za-z]:[\\/]/;
const CONTROL = /[\x00-\x20\x7f]/;
const LOCAL_HINT = 'names a folder of this machine, which a list may do only where that is allowed';

/**
 * Reads one git URL. https and ssh are used; anything else is refused, and so is a password. A refusal quotes nothing
 * of the text.
 */
export function parseRemote(text: string, policy: RemotePolicy): Remote | RefusedRemote {
  if (text.startsWith('-')) return { refused: 'begins with "-", which git would take for an option: write a URL' };
  if (/^[a-z0-9+.-]{1,30}::/i.test(text))
    return { refused: 'names a helper program of git (::): write an https or ssh URL' };
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined) return parseUrl(text, scheme, policy);
  if (DRIVE.test(text) || isAbsolute(text) || /^\.{1,2}(?:[\\/]|$)/.test(text)) return parsePath(text, policy);
  const [, user, host, path] = SCP.exec(text) ?? [];
  if (host === undefined) return { refused: 'holds no git URL: write https://<host>/<path> or git@<host>:<path>' };
  const remote = parseUrl(`ssh://${user}@${host}/${path}`, 'ssh', policy);
  // Git takes the path from the home of the user, which the form with a protocol cannot say.
  return 'refused' in remote ? remote : { ...remote, url: text };
}

function parseUrl(text: string, scheme: string, policy: RemotePolicy): Remote | RefusedRemote {
  if (!URL.canParse(text) || CONTROL.test(text)) {
    return { refused: 'holds a URL that cannot be read: write https://<host>/<path>' };
  }
  const url = new URL(text);
  if (scheme === 'file')
    return policy.allowLocal ? localRemote(url) : { refused: `${LOCAL_HINT}: write an https or ssh URL` };
  const refused = refuseUrl(url, scheme, policy);
  if (refused !== undefined) return { refused };
  return toRemote({ url: url.href, host: url.host, path: url.pathname });
}

/** Says why a URL is refused. */
function refuseUrl(url: URL, scheme: string, { allowLocal }: RemotePolicy): string | undefined {
  const local = allowLocal && scheme === 'http' && isLoopbackHost(url.hostname);
  if (scheme === 'http' && !local) return 'uses http, which anybody on the way can read and change: write https://';
  if (scheme !== 'https' && scheme !== 'ssh' && !local)
    return 'uses a protocol that is not allowed: write an https or ssh URL';
  if (url.password !== '' || (scheme !== 'ssh' && url.username !== '')) {
    return 'holds a user or a password: write the URL without, and give the token in the environment';
  }
  if (url.search !== '' || url.hash !== '')
    return 'holds a "?" or a "#", which no repository has: write the URL without';
  if (url.hostname === '' || url.hostname.startsWith('-') || url.username.startsWith('-')) {
    return 'names no host: write https://<host>/<path>';
  }
  return undefined;
}

function parsePath(text: string, { cwd, allowLocal }: RemotePolicy): Remote | RefusedRemote {
  if (!allowLocal) return { refused: `${LOCAL_HINT}: write an https or ssh URL` };
  return localRemote(pathToFileURL(resolve(cwd, text)));
}

function localRemote(url: URL): Remote | RefusedRemote {
  if (url.host !== '') return { refused: 'names a folder of another machine: write file:///<path>' };
  return toRemote({ url: url.href, host: '', path: url.pathname });
}

/** A default port, a trailing slash, `.git` and the protocol make no other repository of it. */
function toRemote({ url, host, path }: { url: string; host: string; path: string }): Remote | RefusedRemote {
  const bare = trimmed(path);
  if (bare === '' || bare.split('/').includes('..')) {
    return { refused: 'names a host and no repository: write https://<host>/<path>' };
  }
  if (bare.startsWith('-')) return { refused: 'has a path that begins with "-", which git would take for an option' };
  const place = host.toLowerCase().replace(/:(?:22|443)$/, '');
  const key = `${place}/${bare}`;
  return { url, key, name: host === '' ? bare : key };
}

function trimmed(path: string): string {
  const start = path.replace(/^\/+/, '');
  const end = withoutSlashes(start);
  return end.endsWith('.git') ? withoutSlashes(end.slice(0, -'.git'.length)) : end;
}

function withoutSlashes(text: string): string {
  let end = text.length;
  while (text[end - 1] === '/') end -= 1;
  return text.slice(0, end);
}
