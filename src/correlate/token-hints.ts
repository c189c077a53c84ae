import type { SecretHint } from '../model/secret.ts';
import type { SecretGroup } from './groups.ts';
import type { KeyIndex } from './key-index.ts';

/** A list that shows something of its tokens instead of them. */
interface HintList {
  /** Kind of join key that holds what is shown. */
  readonly key: string;
  readonly hint: SecretHint;
  /** Provider of the rules whose secrets can stand in the list. */
  readonly provider: string;
}

/** Lists that show something of their tokens. */
export const TOKEN_LISTS: readonly HintList[] = [
  { key: 'github-token-hash', hint: 'sha-256', provider: 'github' },
  { key: 'github-token-last-eight', hint: 'last-eight', provider: 'github' },
];

/** How likely it is that two different secrets have the same hint: 62 characters that anybody may draw. */
const ODDS: ReadonlyMap<string, string> = new Map([
  ['github-token-hash', 'SHA-256 as in the audit log'],
  ['github-token-last-eight', 'last eight characters; one in 2*10^14 by chance'],
]);

/** What is equal where a key of this kind is: for the evidence of an edge. */
export function describeHint(kind: string): string | undefined {
  return ODDS.get(kind);
}

/**
 * Adds to each secret the hints under which a source lists it. Hints of other secrets are computed, compared and
 * forgotten: no key of them is kept.
 */
export function addHints(groups: readonly SecretGroup[], index: KeyIndex): readonly SecretGroup[] {
  return groups.map((group) => {
    if (group.grade === 'placeholder') return group;
    const keys = TOKEN_LISTS.filter(({ provider }) => provider === group.rule.provider)
      .map(({ key, hint }) => ({ kind: key, value: group.secret.hint(hint) }))
      .filter((key) => index.find(key).length > 0);
    return keys.length === 0 ? group : { ...group, keys: [...group.keys, ...keys] };
  });
}
