import type { Asked } from './fake-github.ts';

/** Rate limits as GitHub keeps them: so many requests in a window, for each resource on its own. */
export interface FakeLimits {
  readonly perWindow: number;
  readonly windowMs: number;
  /** The clock of the server, in milliseconds. */
  time(): number;
  readonly windows: Map<string, { left: number; reset: number }>;
}

/** Counts a request. One that comes while nothing is left is refused, and stands in `problems`. */
export function limitHeaders(
  limits: FakeLimits | undefined,
  asked: Asked,
  problems: string[],
): { readonly refused: boolean; readonly headers: Readonly<Record<string, string>> } {
  if (limits === undefined) return { refused: false, headers: {} };
  const resource = asked.path === '/graphql' ? 'graphql' : 'core';
  const now = limits.time();
  const kept = limits.windows.get(resource);
  const fresh = { left: limits.perWindow, reset: now + limits.windowMs };
  const window = kept === undefined || now >= kept.reset ? fresh : kept;
  limits.windows.set(resource, window);
  const refused = window.left === 0;
  if (refused) problems.push(`${asked.path} was asked while nothing was left`);
  else window.left -= 1;
  const headers = {
    date: new Date(now).toUTCString(),
    'x-ratelimit-resource': resource,
    'x-ratelimit-limit': String(limits.perWindow),
    'x-ratelimit-remaining': String(window.left),
    'x-ratelimit-reset': String(Math.ceil(window.reset / 1_000)),
  };
  return { refused, headers };
}
