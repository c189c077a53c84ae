import { collectors } from '../../collectors/index.generated.ts';
import { reporterLoaders } from '../../reporters/loaders.generated.ts';
import { loadBuiltinCatalogue } from '../../ruleset/catalogue/builtin.ts';
import { knownNames } from '../plan/known-names.ts';
import { DUMP, sourceCollectors } from '../plan/targets.ts';

/** Names of the report formats. */
export function formatNames(): readonly string[] {
  return [...reporterLoaders.keys()];
}

/** What a target may begin with, before the colon. */
export function targetSchemes(): readonly string[] {
  return [...sourceCollectors(collectors).keys(), DUMP].sort();
}

/** Ids of the collectors, those that read declarations too. */
export function collectorNames(): readonly string[] {
  return collectors.map(({ id }) => id);
}

/** Ids of the built-in rules and packs. `home`: folder of the running file. Reads one file, and no rule whole. */
export async function ruleNames(
  home: string,
): Promise<{ readonly rules: readonly string[]; readonly packs: readonly string[] }> {
  const { detection, posture, packs = [] } = await loadBuiltinCatalogue(home, async () => knownNames());
  return { rules: [...detection, ...posture].map(({ id }) => id), packs: packs.map(({ id }) => id) };
}
