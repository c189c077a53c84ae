import type { Json } from './json.ts';
import type { Confidence, Severity } from './match.ts';

/** Words that must stand near the secret, compared without case. Distances are bytes from the secret's ends. */
export interface RuleContext {
  readonly words: readonly string[];
  readonly before: number;
  readonly after: number;
}

/** A check that a rule asks for, with its options. */
export interface RuleCheck {
  readonly check: string;
  readonly options: Readonly<Record<string, Json>>;
}

/** Another rule whose match must, or may, stand near; its secret joins this match as the part `as`. */
export interface RuleCompanion {
  readonly rule: string;
  readonly as: string;
  readonly withinLines: number;
  readonly required: boolean;
}

/** What the form of a credential tells offline. */
export interface CredentialProfile {
  /** Type of the identity or credential, from the model README: `pat_classic`, `access_key`, `webhook` ... */
  readonly type: string;
  /** Weight of the privilege factor when nothing better is known, 0 to 1, with the words that justify it. */
  readonly privilege?: { readonly weight: number; readonly why: string };
  /** How long it lives by itself: a number of hours, `until-revoked`, or `unknown`. */
  readonly lifetime: number | 'until-revoked' | 'unknown';
  readonly environment: 'live' | 'test' | 'any';
  /** Made to be published (publishable keys, identifiers). Never a finding by itself; joins use it. */
  readonly public: boolean;
}

/** One example of a rule file. `text` and `secret` are templates, see rules/README.md. */
export interface RuleExample {
  readonly text: string;
  readonly secret?: string;
  readonly path?: string;
}

/**
 * A detection rule after loading: plain, frozen data. Patterns are JavaScript regular expressions that see each byte as
 * one latin-1 character; the named group `secret` is what is reported.
 */
export interface CompiledRule {
  readonly id: string;
  readonly provider: string;
  readonly title: string;
  readonly description: string;
  readonly pattern: string;
  readonly ignoreCase: boolean;
  /** Given by the author, in lower case; empty: derived from the pattern. */
  readonly literals: readonly string[];
  readonly context?: RuleContext;
  /** Globs on the path. */
  readonly paths?: { readonly only: readonly string[]; readonly not: readonly string[] };
  readonly checks: readonly RuleCheck[];
  readonly skipChecks: readonly string[];
  readonly companions: readonly RuleCompanion[];
  readonly confidence: Confidence;
  readonly severity: Severity;
  readonly credential: CredentialProfile;
  /** Join-key kind to the named group (or `secret`) that holds its value. */
  readonly keys: Readonly<Record<string, string>>;
  readonly owasp: readonly string[];
  readonly verifier?: string;
  readonly remediation: string;
  readonly references: readonly string[];
  readonly tags: readonly string[];
  readonly examples: { readonly match: readonly RuleExample[]; readonly noMatch: readonly RuleExample[] };
  /**
   * True: ships with the product and is vetted. False: written by a user, not vetted for linear time, runs under a
   * watchdog.
   */
  readonly trusted: boolean;
  /** File and line of the rule, for messages. */
  readonly source: string;
  /** Rules of other providers that may match the same text; only tests read it. */
  readonly overlaps?: readonly string[];
}

/** Tag of rules that judge by words: in bytes that are no text they would find words, not secrets, and stay silent. */
export const TEXT_ONLY = 'text-only';

/** A condition of a posture rule: one operator on one attribute, or a combination. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly attribute: string; readonly operator: string; readonly operand: Json };

/** An identity as a posture example writes it. */
export interface PostureExample {
  readonly type: string;
  readonly attributes: Readonly<Record<string, Json>>;
}

/** A three-valued rule about identities of some types: `fail` when the condition holds. */
export interface PostureRule {
  readonly id: string;
  readonly title: string;
  readonly types: readonly string[];
  readonly when: Condition;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly owasp: readonly string[];
  /** Template with `{name}`, `{account}` and `{attribute-name}`. */
  readonly message: string;
  readonly why: string;
  readonly remediation: string;
  readonly references: readonly string[];
  readonly tags: readonly string[];
  /** OWASP ids: where another rule with one of them fails for an identity, this one says nothing about it. */
  readonly yieldsTo?: readonly string[];
  readonly examples: {
    readonly fail: readonly PostureExample[];
    readonly pass: readonly PostureExample[];
    readonly notAssessed: readonly PostureExample[];
  };
  readonly source: string;
}

/** Which rules of one kind a pack takes: all parts that are present must hold. */
export interface RuleSelection {
  readonly confidence?: readonly Confidence[];
  /** Any of these. */
  readonly tags?: readonly string[];
  /** None of these. */
  readonly notTags?: readonly string[];
}

/** A named selection of rules. A kind that is absent takes no rule of that kind. */
export interface RulePack {
  readonly id: string;
  readonly title: string;
  readonly detection?: RuleSelection;
  readonly posture?: RuleSelection;
}

/** What start-up needs of a detection rule. Everything else is read lazily: most rules never meet a candidate. */
export interface RuleHead extends Pick<CompiledRule, 'id' | 'confidence' | 'tags' | 'companions' | 'paths'> {
  /** Identifies the rule in the compiled pack of the build; absent: the build did not know the rule. */
  readonly digest?: string;
  /** The whole rule. The first call may read it from disk, and every call returns the same object. */
  rule(): CompiledRule;
}

/** What start-up needs of a posture rule. */
export interface PostureHead extends Pick<PostureRule, 'id' | 'confidence' | 'tags' | 'types'> {
  /** As in `RuleHead`. */
  rule(): PostureRule;
}

/** Everything `ruleset` loads. */
export interface RuleCatalogue {
  readonly detection: readonly RuleHead[];
  readonly posture: readonly PostureHead[];
  readonly packs?: readonly RulePack[];
  /** SHA-256 (hex) over the rules' content: changes when a rule changes. */
  readonly hash: string;
  /** Pack to the hash of what it selects, where the build knew it. Only of a catalogue without user rules. */
  readonly packHashes?: Readonly<Record<string, string>>;
}
