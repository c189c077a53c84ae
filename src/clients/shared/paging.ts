import type { Answer } from './live.ts';
import { isObject } from './shape.ts';
import type { NextPage } from './transport.ts';

/** Finds the next page in the answer to a path. */
export type Paging = (answer: Answer, path: string) => NextPage | undefined;

/** Longest cursor that is followed, in characters. */
const LONGEST_CURSOR = 2_048;

/**
 * Pages by a `Link` header (RFC 8288). Follows only links below the base URL, because any other host would get the
 * token.
 */
export function linkPaging(baseUrl: string): Paging {
  return ({ headers }) => nextLink(String(headers['link'] ?? ''), baseUrl);
}

/** Returns path and query of the `next` link of a header, if it is below the base URL. */
export function nextLink(link: string, baseUrl: string): NextPage | undefined {
  const match = /<([^<>]{1,2048})>;[^,]*\brel="?next"?/.exec(link);
  if (match === null) return undefined;
  const base = new URL(`${baseUrl}/`);
  const target = match[1] ?? '';
  if (!URL.canParse(target, base.href)) return 'foreign';
  const url = new URL(target, base);
  const below = url.origin === base.origin && url.pathname.startsWith(base.pathname);
  const clean = url.username === '' && url.password === '';
  return below && clean ? { path: url.pathname.slice(base.pathname.length - 1) + url.search } : 'foreign';
}

/**
 * Pages by a cursor in the answer. `field` is where the cursor stands (`['paging', 'next']`), `parameter` the query
 * parameter that takes it. An absent or empty cursor, or `null`, ends the list.
 */
export function cursorPaging(field: readonly string[], parameter: string): Paging {
  return ({ data }, path) => {
    let value: unknown = data;
    for (const name of field) value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    if (value === undefined || value === null || value === '') return undefined;
    const isCursor = typeof value === 'string' || Number.isSafeInteger(value);
    if (!isCursor || String(value).length > LONGEST_CURSOR) return 'foreign';
    const [bare = '', query = ''] = path.split('?');
    const parameters = new URLSearchParams(query);
    parameters.set(parameter, String(value));
    return { path: `${bare}?${parameters}` };
  };
}
