import { matchesWildcard } from '../../lib/patterns/wildcard.ts';
import type { Identity, IdentityId } from '../../model/identity.ts';
import type { Json } from '../../model/json.ts';
import type { PostureFailure } from '../../posture/evaluate.ts';
import type { DeclaredBefore, Harvest } from '../gather/contract.ts';

/** What was declared before the changes; undefined where a target is not about changes: then everything is reported. */
export function declaredBefore({ reads }: Harvest): DeclaredBefore | undefined {
  const befores = [...reads.values()].map(({ before }) => before);
  if (befores.length === 0 || befores.includes(undefined)) return undefined;
  return {
    identities: befores.flatMap((before) => before?.identities ?? []),
    pending: befores.flatMap((before) => before?.pending ?? []),
  };
}

/** What is compared: identities as they are declared, and which rules they failed before. */
export interface ChangeInput {
  readonly declared: readonly Identity[];
  readonly before: DeclaredBefore;
  readonly failedBefore: readonly PostureFailure[];
}

/**
 * Tells failures that changes bring from those that were there before: a rule that the identity failed before is no
 * news unless the changes widen the identity.
 */
export function createNewsTest(input: ChangeInput): (failure: PostureFailure) => boolean {
  const failed = new Set(input.failedBefore.map(({ rule, identity }) => `${rule.id}\n${identity.id}`));
  const [before, after] = [groupById(input.before.identities), groupById(input.declared)];
  return ({ rule, identity }) => {
    if (!failed.has(`${rule.id}\n${identity.id}`)) return true;
    return isWider(before.get(identity.id) ?? [], after.get(identity.id) ?? []);
  };
}

function groupById(identities: readonly Identity[]): ReadonlyMap<IdentityId, readonly Identity[]> {
  const groups = new Map<IdentityId, Identity[]>();
  for (const identity of identities) groups.set(identity.id, [...(groups.get(identity.id) ?? []), identity]);
  return groups;
}

/**
 * Whether the declarations of an identity say something after the changes that they did not say before. Lines do not
 * count, and what a wildcard of before covers is not new.
 */
function isWider(before: readonly Identity[], after: readonly Identity[]): boolean {
  const earlierStatements = before.flatMap(statementsOf);
  const exact = new Set(earlierStatements.map(({ words, tier }) => `${tier} ${words.join('\n')}`));
  const wild = earlierStatements.filter(({ words }) => words.some((word) => word.includes('*')));
  return after.flatMap(statementsOf).some((statement) => {
    return (
      !exact.has(`${statement.tier} ${statement.words.join('\n')}`) &&
      !wild.some((earlier) => covers(earlier, statement))
    );
  });
}

/** What grants amount to, in a number or in words with lines of files: the grants are compared themselves. */
const SUMS = new Set(['privilegeTier', 'tierReasons']);

/** A grant or one item of an attribute, as words that may hold wildcards. */
interface Statement {
  readonly words: readonly string[];
  /** Privilege tier of a grant: a lower one is stronger. */
  readonly tier: number;
}

/**
 * A list is one statement for each of its items, so that a shorter list says nothing new. Grants tell the tier already.
 */
function statementsOf({ grants, attributes }: Identity): Statement[] {
  const granted = grants.map(({ permission, resource, tier }) => ({ words: ['grant', permission, resource], tier }));
  const stated = Object.entries(attributes).flatMap(([name, { value }]) => {
    if (SUMS.has(name)) return [];
    const items: readonly Json[] = Array.isArray(value) ? value : [value];
    return items.map((item) => ({ words: [name, typeof item === 'string' ? item : JSON.stringify(item)], tier: 0 }));
  });
  return [...granted, ...stated];
}

function covers(wide: Statement, narrow: Statement): boolean {
  if (wide.tier > narrow.tier || wide.words.length !== narrow.words.length) return false;
  return wide.words.every((word, index) => matchesWildcard(word, narrow.words[index] ?? ''));
}
