import { TOKEN_LISTS } from '../../correlate/token-hints.ts';
import type { ConfirmedMatch } from '../../detect/confirm.ts';
import { defined } from '../../lib/fields/defined.ts';
import { UsageError } from '../../model/errors.ts';
import type { Identity } from '../../model/identity.ts';
import { SealedSecret } from '../../model/sealed-secret.ts';
import type { SecretHint } from '../../model/secret.ts';
import type { Gathered } from '../gather/contract.ts';
import { joinGathered } from '../gather/join-gathered.ts';
import type { Plan } from '../plan/contract.ts';
import { SEALED_VERSION, type SealedGathered, type SealedMatch } from './contract.ts';
import { sealHint, tellKey } from './seal.ts';

/**
 * Joins what many machines sealed, so that it can be judged once, as if one had gathered it all.
 * @throws UsageError where a part was sealed under another fingerprint key, or by another version
 */
export function unsealGathered({ policy }: Plan, parts: readonly SealedGathered[]): Gathered {
  const key = tellKey(policy.fingerprintKey);
  for (const part of parts) checkPart(part, key);
  const listed = new ListedHints(policy.fingerprintKey);
  for (const { identities } of parts) for (const identity of identities) listed.add(identity);
  return joinGathered(parts.map((part) => openPart(part, listed)));
}

function checkPart(part: SealedGathered, key: string): void {
  if (part.version !== SEALED_VERSION) {
    throw new UsageError('What was gathered was stored by another version of bowerbird. Scan it again.');
  }
  if (part.key !== key) {
    throw new UsageError(
      'What was gathered was stored under another fingerprint key. Set BOWERBIRD_FINGERPRINT_KEY to the same value on all machines, or scan it again.',
    );
  }
}

function openPart({ matches, identities, pending, coverage, notes }: SealedGathered, listed: ListedHints): Gathered {
  const harvest = {
    matches: matches.map((match) => openMatch(match, listed)),
    identities: [...identities],
    pending: [...pending],
    coverage: [...coverage],
    reads: new Map(),
  };
  return { harvest, notes };
}

function openMatch({ secret, hints, accepted, ...match }: SealedMatch, listed: ListedHints): ConfirmedMatch {
  const sealed = new SealedSecret(secret, listed.open(hints));
  return { match: { ...match, secret: sealed }, lineText: '', ...defined({ accepted }) };
}

/** What lists of tokens show, by its keyed hash. */
class ListedHints {
  readonly #fingerprintKey: string;
  readonly #shown = new Map<string, string>();

  constructor(fingerprintKey: string) {
    this.#fingerprintKey = fingerprintKey;
  }

  /** Takes what an identity shows of its tokens. */
  add({ keys }: Identity): void {
    for (const { kind, value } of keys) {
      if (TOKEN_LISTS.some((list) => list.key === kind)) this.#shown.set(sealHint(value, this.#fingerprintKey), value);
    }
  }

  /** The hints of a secret that a list shows. */
  open(hints: SealedMatch['hints'] = {}): ReadonlyMap<SecretHint, string> {
    const open = new Map<SecretHint, string>();
    for (const { hint } of TOKEN_LISTS) {
      const value = this.#shown.get(hints[hint] ?? '');
      if (value !== undefined) open.set(hint, value);
    }
    return open;
  }
}
