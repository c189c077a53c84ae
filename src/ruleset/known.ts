import type { Json } from '../model/json.ts';

/**
 * Names that rule files may use; what is absent is not checked. They come from the caller: ruleset knows no plug-in.
 */
export interface KnownNames {
  /** Check id to the names of its options. */
  readonly checks?: ReadonlyMap<string, readonly string[]>;
  /** Operator id to what says what is wrong with an operand. */
  readonly operators?: ReadonlyMap<string, (operand: Json) => string | undefined>;
  readonly verifiers?: readonly string[];
  /** Identity types a posture rule may apply to. */
  readonly types?: readonly string[];
}
