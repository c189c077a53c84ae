import { Suppressor } from '../../config/suppress.ts';
import { TOKEN_LISTS } from '../../correlate/token-hints.ts';
import type { ConfirmedMatch } from '../../detect/confirm.ts';
import { defined } from '../../lib/fields/defined.ts';
import type { Match } from '../../model/match.ts';
import { Secret, type SecretHint } from '../../model/secret.ts';
import type { Gathered } from '../gather/contract.ts';
import { secretFindingId } from '../judge/assemble.ts';
import { maskTexts } from '../judge/mask.ts';
import { openMaskTools } from '../judge/mask-tools.ts';
import type { Plan } from '../plan/contract.ts';
import { SEALED_VERSION, type SealedGathered, type SealedMatch } from './contract.ts';

/**
 * Takes every raw value out of what was gathered. Whatever needs the value or its line happens here: what accepts a
 * match, and masking the texts around it. Where the plan verifies, verify before: nobody can afterwards.
 */
export function sealGathered(plan: Plan, { harvest, notes }: Gathered): SealedGathered {
  const { policy, rules, started, options } = plan;
  const suppressor = new Suppressor([...policy.entries, ...rules.entries], {
    now: started,
    inlineComments: policy.config.inlineComments && options.policyRef === undefined,
  });
  const { fingerprintKey } = policy;
  const { identities, pending, coverage } = harvest;
  const heads = new Map(rules.catalogue.detection.map((head) => [head.id, head]));
  const providerOf = (ruleId: string): string | undefined => heads.get(ruleId)?.rule().provider;
  const sealing = { suppressor, fingerprintKey, providerOf };
  const matches = harvest.matches.map((confirmed) => sealMatch(confirmed, sealing));
  const rawMatches = harvest.matches.map(({ match }) => match);
  const texts = maskTexts({ matches, identities, pending, coverage, notes }, rawMatches, openMaskTools(plan));
  return { version: SEALED_VERSION, key: tellKey(fingerprintKey), ...texts };
}

/** A name for a fingerprint key, from which the key cannot be found. */
export function tellKey(fingerprintKey: string): string {
  return new Secret('key').fingerprint(fingerprintKey);
}

/** The keyed hash of what a list shows of a token. */
export function sealHint(hint: string, fingerprintKey: string): string {
  return new Secret(hint).fingerprint(fingerprintKey);
}

interface Sealing {
  readonly suppressor: Suppressor;
  readonly fingerprintKey: string;
  readonly providerOf: (ruleId: string) => string | undefined;
}

function sealMatch({ match, lineText }: ConfirmedMatch, sealing: Sealing): SealedMatch {
  const { suppressor, fingerprintKey } = sealing;
  const { secret, ...rest } = match;
  const fingerprint = secret.fingerprint(fingerprintKey);
  const accepted = suppressor.match({ match, lineText, fingerprint, findingId: secretFindingId(fingerprint) });
  const facts = { fingerprint, redacted: secret.redacted, length: secret.length };
  return { ...rest, secret: facts, ...defined({ hints: sealHints(match, sealing), accepted }) };
}

/** Hashes of long random tokens alone: a hash of a weak password could be guessed. */
function sealHints({ secret, ruleId }: Match, { fingerprintKey, providerOf }: Sealing): SealedMatch['hints'] {
  const lists = TOKEN_LISTS.filter(({ provider }) => provider === providerOf(ruleId));
  if (lists.length === 0) return undefined;
  const hints: Partial<Record<SecretHint, string>> = {};
  for (const { hint } of lists) hints[hint] = sealHint(secret.hint(hint), fingerprintKey);
  return hints;
}
