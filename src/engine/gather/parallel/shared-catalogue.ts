import type { CompiledRule, RuleCatalogue } from '../../../model/rule.ts';
import { headOf } from '../../../model/rule-head.ts';
import { loadBuiltinCatalogue } from '../../../ruleset/catalogue/builtin.ts';

/**
 * The detection rules of a run for another thread, in order: ids of those that it reads from the catalogue itself, and
 * all others.
 */
export interface SharedCatalogue {
  readonly detection: readonly (CompiledRule | string)[];
  readonly hash: string;
}

/** A rule that the build knew is sent as its id: what reads it lazily cannot travel to another thread. */
export function shareCatalogue({ detection, hash }: RuleCatalogue): SharedCatalogue {
  return { detection: detection.map((head) => (head.digest === undefined ? head.rule() : head.id)), hash };
}

/**
 * Makes the catalogue of a thread.
 * @param home the folder of the bundle
 */
export async function openSharedCatalogue({ detection, hash }: SharedCatalogue, home: string): Promise<RuleCatalogue> {
  const builtin = await loadBuiltinCatalogue(home, async () =>
    (await import('../../plan/known-names.ts')).knownNames(),
  );
  const byId = new Map(builtin.detection.map((head) => [head.id, head]));
  const heads = detection.flatMap((rule) => (typeof rule === 'string' ? (byId.get(rule) ?? []) : [headOf(rule)]));
  if (heads.length < detection.length) throw new Error('the catalogue changed while it was in use');
  return { ...builtin, detection: heads, posture: [], hash };
}
