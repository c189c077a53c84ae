import type { Identity } from '../../model/identity.ts';
import { attributeValue, listOf, textOf } from './attributes.ts';

/** What the subject of a repository's workflow tokens is made of. Names are in lower case. */
export interface Claims {
  /** `owner/name`. */
  readonly repository: string;
  /** Names of claims in their order. */
  readonly keys: readonly string[];
  /** How every subject of the repository begins, in lower case. */
  readonly head: string;
  /** True: the head is the whole subject. */
  readonly whole: boolean;
  /** Undefined where GitHub did not say. */
  readonly immutable: boolean | undefined;
  /** What says so. */
  readonly source: string;
}

const REPOSITORY = 'github:repo:';
const ORGANISATION = 'github:organisation:';
/** What GitHub puts into a subject where nobody customised it. */
const DEFAULT_KEYS: readonly string[] = ['repo', 'context'];

/** Returns the claims of every repository for which they are known. */
export function readClaims(identities: readonly Identity[]): readonly Claims[] {
  const organisations = new Map<string, Identity>();
  for (const identity of identities) {
    if (identity.type !== 'organisation' || !identity.id.startsWith(ORGANISATION)) continue;
    organisations.set(identity.id.slice(ORGANISATION.length).toLowerCase(), identity);
  }
  return identities.flatMap((identity) => {
    if (identity.type !== 'repository' || !identity.id.startsWith(REPOSITORY)) return [];
    const repository = identity.id.slice(REPOSITORY.length).toLowerCase();
    const [owner = ''] = repository.split('/');
    return claimsOf(identity, repository, organisations.get(owner));
  });
}

function claimsOf(identity: Identity, repository: string, organisation: Identity | undefined): readonly Claims[] {
  const keys = keysOf(identity, organisation);
  if (keys === undefined || keys.length === 0) return [];
  const said = attributeValue(identity, 'oidcImmutableSubject') ?? attributeValue(organisation, 'oidcImmutableSubject');
  const immutable = typeof said === 'boolean' ? said : undefined;
  const prefix = textOf(identity, 'oidcSubjectPrefix')?.toLowerCase();
  const head = headOf(keys, repository, immutable === true ? prefix : undefined);
  // With ids in it the head is known only where GitHub told it.
  if (immutable === true && prefix === undefined && keys[0] === 'repo') return [];
  const source = `${identity.attributes['oidcUseDefault']?.source ?? 'GitHub'} of ${repository}`;
  return [{ repository, keys, head, whole: keys.length === 1 && keys[0] === 'repo', immutable, source }];
}

/** A repository follows GitHub's default unless it opted out; then its own claims count, or those of its owner. */
function keysOf(identity: Identity, organisation: Identity | undefined): readonly string[] | undefined {
  const useDefault = attributeValue(identity, 'oidcUseDefault');
  if (useDefault === true) return DEFAULT_KEYS;
  if (useDefault !== false) return undefined;
  const own = listOf(identity, 'oidcClaimKeys');
  if (own !== undefined && own.length > 0) return own;
  return organisation === undefined ? undefined : (listOf(organisation, 'oidcClaimKeys') ?? DEFAULT_KEYS);
}

function headOf(keys: readonly string[], repository: string, prefix: string | undefined): string {
  const [first = ''] = keys;
  const [owner = ''] = repository.split('/');
  const colon = keys.length > 1 ? ':' : '';
  if (first === 'repo') return `${prefix ?? `repo:${repository}`}${colon}`;
  if (first === 'repository') return `repository:${repository}${colon}`;
  return first === 'repository_owner' ? `repository_owner:${owner}${colon}` : `${first}:`;
}

/** True if a text that begins with `prefix` can fit a pattern with `*` and `?`. */
export function allowsPrefix(pattern: string, prefix: string): boolean {
  let states = closure(pattern, new Set([0]));
  for (const character of prefix) {
    const next = new Set<number>();
    for (const at of states) {
      const expected = pattern[at];
      if (expected === '*') next.add(at);
      else if (expected === '?' || expected === character) next.add(at + 1);
    }
    if (next.size === 0) return false;
    states = closure(pattern, next);
  }
  return true;
}

/** A star also stands for nothing. */
function closure(pattern: string, states: Set<number>): Set<number> {
  for (const at of states) if (pattern[at] === '*') states.add(at + 1);
  return states;
}
