import type { CollectContext } from '../contract.ts';

export const COLLECTOR = 'github';
export const PUBLIC_API = 'https://api.github.com';

/** The host of the server that the environment names, with its port where that is not 443. */
export function hostsOf(env: CollectContext['env']): readonly string[] {
  const text = env['GITHUB_API_URL'] || PUBLIC_API;
  return URL.canParse(text) ? [new URL(text).host] : [];
}
