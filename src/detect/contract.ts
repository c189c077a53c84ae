import type { Artifact, ByteRange } from '../model/artifact.ts';
import type { Gap } from '../model/gap.ts';
import type { Json } from '../model/json.ts';
import type { CompiledRule } from '../model/rule.ts';

/** One place where a rule's pattern matches, before any check. Offsets are bytes in the artifact. */
export interface Candidate {
  readonly rule: CompiledRule;
  readonly match: ByteRange;
  readonly secret: ByteRange;
  /** Named groups other than `secret`, in bytes. */
  readonly groups: Readonly<Record<string, ByteRange>>;
}

/**
 * Finds candidates. Every engine gives the same list for the same rules and bytes, ordered by start, then rule id:
 * for each rule the leftmost non-overlapping matches over the whole text, seen as latin-1.
 */
export interface Detector {
  scan(artifact: Artifact): Candidate[];
  /**
   * Memory that is scanned without a copy, always the same. For one artifact at a time: the next one overwrites it.
   * Absent if the engine has none.
   */
  readonly room?: Uint8Array | undefined;
  /**
   * True for a rule that random bytes match now and then: in a binary its matches say nothing. Absent where the engine
   * does not know how likely matches are.
   */
  firesByChance?(rule: CompiledRule): boolean;
  /** Gaps since the last call: rules whose pattern ran into its time limit. */
  takeGaps?(): Gap[];
}

/** What a check sees of a candidate. */
export interface CheckInput {
  readonly rule: CompiledRule;
  /** The secret's text (UTF-8 decoded). */
  readonly value: string;
  /** Named groups other than `secret`. */
  readonly parts: Readonly<Record<string, string>>;
  /** The line(s) the match stands on, at most 512 bytes each side of the match, latin-1. */
  readonly before: string;
  readonly after: string;
  readonly path: string;
  /** This check's options from the rule file. */
  readonly options: Readonly<Record<string, Json>>;
  readonly now: Date;
}

/**
 * `drop` removes the match (`explain` still shows it with its reason), `lower` makes it a placeholder or lowers
 * confidence, `pass` and `lower` may add facts, `not-applicable` says nothing. The fact `keys` maps join-key kinds to
 * values and becomes join keys.
 */
export type CheckOutcome =
  | { readonly state: 'pass'; readonly reason: string; readonly facts?: Readonly<Record<string, Json>> }
  | {
      readonly state: 'lower';
      readonly to: 'placeholder' | 'low-confidence';
      readonly reason: string;
      readonly facts?: Readonly<Record<string, Json>>;
    }
  | { readonly state: 'drop'; readonly reason: string }
  | { readonly state: 'not-applicable' };

/** What a check sees that looks at the value alone. */
export type ValueInput = Omit<CheckInput, 'before' | 'after' | 'path'>;

interface CheckFacts {
  /** Kebab-case, the file's name; rule files name checks by it. */
  readonly id: string;
  readonly title: string;
  /** `always`: runs for every rule, unless the rule says `skip-checks`. `named`: only where a rule names it. */
  readonly applies: 'always' | 'named';
  /** Option names with what each means; a rule that names another option is refused. */
  readonly options: Readonly<Record<string, string>>;
  /** Names of the facts that it can give, apart from `keys`. */
  readonly facts?: readonly string[] | 'fields that the rule names';
  /** Kinds of join keys that it can give in the fact `keys`. */
  readonly keys?: readonly string[];
}

/**
 * One false-positive check or offline proof. Pure: the same input gives the same outcome. Reasons never hold the value.
 * A check that `reads` the value alone is asked once for each value: histories repeat them.
 */
export type Check = CheckFacts &
  (
    | { readonly reads: 'value'; evaluate(input: ValueInput): CheckOutcome }
    | { readonly reads?: 'surroundings'; evaluate(input: CheckInput): CheckOutcome }
  );

/** Gives a check its type. */
export function defineCheck(check: Check): Check {
  return check;
}
