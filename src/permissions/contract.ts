import type { PrivilegeTier } from '../model/identity.ts';
import type { Location } from '../model/location.ts';

/** Patterns of actions or resources. `except`: everything but these (AWS NotAction, Azure notActions). */
export interface PatternList {
  readonly patterns: readonly string[];
  readonly except: boolean;
  /** True if there are more patterns, which are unknown. */
  readonly unknown: boolean;
}

/** One condition of a statement. Operator and `name` as written, `key` in lower case. */
export interface Condition {
  readonly operator: string;
  readonly name: string;
  readonly key: string;
  readonly values: readonly string[];
  readonly unknown: boolean;
}

/** What says so: the policy, role or binding by name, the file or endpoint, and the place where there is one. */
export interface StatementSource {
  readonly policy: string;
  readonly source: string;
  readonly location?: Location;
}

/**
 * One statement of any system in the normal form: somebody may (or may not) do actions on resources under conditions.
 * Actions are written as the system writes them: `s3:GetObject`, `get apps/deployments` (verb, API group, resource),
 * `storage.objects.get`, `Microsoft.Storage/storageAccounts/listKeys/action`, `contents:write`.
 */
export interface Statement {
  readonly effect: 'allow' | 'deny' | 'unknown';
  readonly actions: PatternList;
  readonly resources: PatternList;
  readonly conditions: readonly Condition[];
  /** True if there are conditions that are unknown. */
  readonly conditionUnknown: boolean;
  readonly source: StatementSource;
}

/**
 * What a set of permissions lets somebody do, in the words that posture rules and people use.
 *
 * | family | somebody can |
 * |---|---|
 * | administrator | do everything |
 * | escalation | give themselves more rights, or run code as somebody who has them |
 * | credential-exposure | read or make credentials |
 * | data-exfiltration | read stored data |
 * | permission-management | change who may do what |
 * | service-wildcard | do everything in one service |
 * | public-exposure | reach it without being known (a member that stands for everybody) |
 * | lateral-movement | act as another identity, or run code where one is |
 * | cross-account | act from, or in, another account, tenant or project |
 * | write, read | change things, read metadata |
 */
export type PowerFamily =
  | 'administrator'
  | 'escalation'
  | 'credential-exposure'
  | 'data-exfiltration'
  | 'permission-management'
  | 'service-wildcard'
  | 'public-exposure'
  | 'lateral-movement'
  | 'cross-account'
  | 'write'
  | 'read';

/** One power that statements give, with the tier that it is worth and the actions that give it together. */
export interface Power {
  readonly family: PowerFamily;
  readonly tier: PrivilegeTier;
  readonly actions: readonly string[];
  readonly resource: string;
  /** True: every resource of its kind, not some, and under no condition. */
  readonly everywhere: boolean;
  readonly source: StatementSource;
}

/** What all statements of one subject amount to. */
export interface Evaluation {
  /** The strongest first. */
  readonly powers: readonly Power[];
  /** False: a part of the statements was not read, so a power that is not listed may exist. */
  readonly complete: boolean;
  /** Absent: unknown. Known without `complete` only where what was read is already the strongest (0). */
  readonly tier?: PrivilegeTier;
}
