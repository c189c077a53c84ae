import type { PrivilegeTier } from '../../model/identity.ts';
import type { Power } from '../contract.ts';
import type { NameLists } from './action-sets/plain-families.ts';
import type { AttachedPolicy } from './attached-policy.ts';
import { readBounds } from './bounds.ts';
import type { PolicySet } from './policy-set.ts';
import { type FoundPowers, findPowers } from './powers.ts';

/** Powers, and the tier: that of the strongest power or statement. Absent: unknown. */
export interface Evaluation extends FoundPowers {
  /** False: a part was not read. */
  readonly complete: boolean;
  readonly tier?: PrivilegeTier;
}

/** What a set of policies amounts to. `known`: all of it was read. */
export function evaluate(set: PolicySet, known: boolean, lists: NameLists): Evaluation {
  const named = findPowers(set, lists);
  const powers = [...named.powers, ...otherPowers(set)].sort((a, b) => a.tier - b.tier);
  const tier = powers[0]?.tier ?? 4;
  return { ...named, powers, complete: known, ...(known || tier === 0 ? { tier } : {}) };
}

/** What policies amount to whatever their unknown resources are; undefined where that depends on them. */
export function withinBounds(
  policies: readonly AttachedPolicy[],
  setOf: (policies: readonly AttachedPolicy[]) => PolicySet,
  lists: NameLists,
): Evaluation | undefined {
  const bounds = readBounds(policies);
  if (bounds === undefined) return undefined;
  const [leastSet, mostSet] = [setOf(bounds.least), setOf(bounds.most)];
  if (!leastSet.known || !mostSet.known) return undefined;
  const least = evaluate(leastSet, true, lists);
  return least.tier === evaluate(mostSet, true, lists).tier ? { ...least, complete: false } : undefined;
}

/** What statements allow beside the named powers: writes and reads. */
function otherPowers(set: PolicySet): Power[] {
  return set.statements.flatMap((standing) => {
    const { compiled, source } = standing;
    const { actions, resources } = compiled.statement;
    const worth = resources.patterns.length === 0 && !resources.except ? undefined : set.worthOf(standing);
    // What the caller may do with itself is a power where it leads further: then it stands among the escalations.
    if (worth === undefined || compiled.grantor?.reach === 'own') return [];
    const everywhere = compiled.grantor?.reach === 'all';
    // What makes tier 0 is a power of its own; this is the rest.
    const tier = Math.max(1, everywhere ? worth.onAll : worth.onSome) as PrivilegeTier;
    const names = actions.except ? compiled.wildcards.map(({ pattern }) => pattern) : compiled.strongest;
    const family = tier <= 2 ? 'write' : 'read';
    return [{ family, tier, actions: names, resource: compiled.widest, everywhere, source }];
  });
}
