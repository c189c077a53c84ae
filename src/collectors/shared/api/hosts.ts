import type { CollectContext } from '../../contract.ts';

/**
 * Returns the host of the API that the environment names, with its port unless that is 443, for
 * `SourceCollector.hosts`.
 */
export function hostsOf(env: CollectContext['env'], variable: string, standard: string): readonly string[] {
  const text = env[variable] || standard;
  return URL.canParse(text) ? [new URL(text).host] : [];
}
