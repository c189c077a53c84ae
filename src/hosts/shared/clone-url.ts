import { isLoopbackHost } from '../../lib/http/address.ts';

/**
 * Returns the URL that git clones from, if it is one over TLS (or on this machine, in tests) and holds no user,
 * password, query or fragment.
 */
export function gitUrl(text: string): string | undefined {
  if (text.length > 2_048 || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const safe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
  const bare = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  return safe && bare && url.pathname.length > 1 ? url.href : undefined;
}

/** The repository of the wiki that belongs to a repository. */
export function wikiOf(url: string): string {
  return `${url.replace(/\.git$/, '')}.wiki.git`;
}
