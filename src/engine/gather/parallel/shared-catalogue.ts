import type { CompiledRule, RuleCatalogue } from '../../../model/rule.ts';
import { loadLateCatalogue } from '../../../ruleset/builtin.ts';
import { isLate } from '../../../ruleset/lazy-rule.ts';

/** The detection rules of a run for another thread, in order: ids of those that it reads from the catalogue itself, and all others. */
export interface SharedCatalogue {
  readonly detection: readonly (CompiledRule | string)[];
  readonly hash: string;
}

/** A rule whose parts are read when they are asked for is not whole in another thread. */
export function shareCatalogue({ detection, hash }: RuleCatalogue): SharedCatalogue {
  return { detection: detection.map((rule) => (isLate(rule) ? rule.id : rule)), hash };
}

/**
 * Makes the catalogue of a thread.
 * @param home the folder of the bundle
 */
export async function openSharedCatalogue({ detection, hash }: SharedCatalogue, home: string): Promise<RuleCatalogue> {
  const builtin = await loadLateCatalogue(home, async () => (await import('../../plan/known-names.ts')).knownNames());
  const byId = new Map(builtin.detection.map((rule) => [rule.id, rule]));
  const rules = detection.flatMap((rule) => (typeof rule === 'string' ? (byId.get(rule) ?? []) : [rule]));
  if (rules.length < detection.length) throw new Error('the catalogue changed while it was in use');
  return { ...builtin, detection: rules, posture: [], hash };
}
