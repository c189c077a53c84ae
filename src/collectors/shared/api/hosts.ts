import type { CollectContext } from '../../contract.ts';

/** Host of the API that the environment names, with its port where that is not 443, for `SourceCollector.hosts`. */
export function hostsOf(env: CollectContext['env'], variable: string, standard: string): readonly string[] {
  const text = env[variable] || standard;
  return URL.canParse(text) ? [new URL(text).host] : [];
}
