import { createHash } from 'node:crypto';

const LONGEST_URL = 2048;
const READABLE = 60;
const HASH = 32;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
/** Spaces, control characters and what a URL must not hold as it is. */
const UNUSUAL = /[\s\u0000-\u001f\u007f-\u009f"<>\\^`{|}]/;

/** The address of a repository, checked. */
export interface Address {
  /** What git is given. */
  readonly url: string;
  /** Scheme, host and port, with a slash: where a credential may go. */
  readonly origin: string;
  /** Name of the mirror on disk. */
  readonly name: string;
}

/** Checks an address. Returns why it is refused as a part of a sentence, without the address itself. */
export function readAddress(text: string, allowLoopback: boolean): Address | string {
  if (text.length > LONGEST_URL) return `its address is longer than ${LONGEST_URL} characters`;
  if (UNUSUAL.test(text) || !URL.canParse(text)) return 'its address is not a URL';
  const url = new URL(text);
  const isTest = allowLoopback && url.protocol === 'http:' && LOOPBACK.test(url.hostname);
  if (url.protocol !== 'https:' && !isTest) return 'its address does not begin with https://';
  if (url.username !== '' || url.password !== '') return 'its address holds a user name or a password';
  if (url.search !== '' || url.hash !== '') return 'its address has a query or a fragment';
  const path = url.pathname.replace(/\/+$/, '');
  if (path === '') return 'its address names a host and no repository';
  const whole = `${url.origin}${path}`;
  return { url: whole, origin: `${url.origin}/`, name: nameOnDisk(whole) };
}

/**
 * Names the mirror of an address: a part that people can read, and a hash that tells addresses apart, upper and lower
 * case included. Lower-case letters, digits and dashes only, so that no file system folds, refuses or reserves it.
 */
export function nameOnDisk(url: string): string {
  const hash = createHash('sha256').update(url).digest('hex').slice(0, HASH);
  const words = url.replace(/^[a-z]+:\/\//, '').replace(/\.git$/, '');
  const readable = words
    .slice(-READABLE * 4)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(-READABLE)
    .replace(/^-+|-+$/g, '');
  return `${readable === '' ? 'repository' : readable}-${hash}`;
}

/** What `nameOnDisk` makes, and nothing else. */
export const NAME_ON_DISK: RegExp = /^[a-z0-9][a-z0-9-]{0,59}-[0-9a-f]{32}$/;
