import type { Suppression } from '../../model/finding.ts';
import type { Coverage } from '../../model/gap.ts';
import type { Identity, PendingEdge } from '../../model/identity.ts';
import type { Match } from '../../model/match.ts';
import type { SealedFacts } from '../../model/sealed-secret.ts';
import type { SecretHint } from '../../model/secret.ts';

/** Version of the form. Another one is not read. */
export const SEALED_VERSION = 1;

/**
 * What one machine gathered, without any raw value, as plain JSON: it may be stored and sent. `unsealGathered` makes of
 * many what can be judged once.
 */
export interface SealedGathered {
  readonly version: typeof SEALED_VERSION;
  /** Tells the fingerprint key, without showing it: what was sealed under different keys cannot be joined. */
  readonly key: string;
  readonly matches: readonly SealedMatch[];
  readonly identities: readonly Identity[];
  readonly pending: readonly PendingEdge[];
  readonly coverage: readonly Coverage[];
  readonly notes: readonly string[];
}

/** A match whose value stayed where it was found. */
export interface SealedMatch extends Omit<Match, 'secret'> {
  readonly secret: SealedFacts;
  /** Keyed hashes of what a list of tokens shows of the value. */
  readonly hints?: Readonly<Partial<Record<SecretHint, string>>>;
  /** What accepted it: decided where its value and its line were. */
  readonly accepted?: Suppression;
}
