import type { Json } from './json.ts';
import type { Location } from './location.ts';

/**
 * Stable id of an identity: provider-native where there is one (`arn:…`, `github:app-installation:12`), else derived.
 */
export type IdentityId = string & { readonly __brand: 'IdentityId' };

/** What would break a line of a report, or be lost at its ends. */
const UNFIT = /\p{Cc}|^\s+|\s+$/gu;
/** Nothing of that is in most ids. */
const FIT = /^[!-~]*$/;

/**
 * Makes an identity id. The caller guarantees that the text is stable between runs and holds no secret. It may hold
 * names that somebody else wrote: control characters in it, and blanks at its ends, are written as in a URL (`%0A`).
 */
export function identityId(text: string): IdentityId {
  return (FIT.test(text) ? text : text.replace(UNFIT, encodeURIComponent)) as IdentityId;
}

/**
 * 0 can become administrator, 1 writes to production or everything, 2 writes or reads sensitive data, 3 reads, 4 test
 * only.
 */
export type PrivilegeTier = 0 | 1 | 2 | 3 | 4;

/** How exactly a source knows a value. */
export type Precision = 'exact' | 'day' | 'approximate';

/** A fact about an identity, with where it comes from. `value: undefined` never occurs: an unknown fact is absent. */
export interface Attribute {
  readonly value: Json;
  /** Endpoint, file or collector that says so. */
  readonly source: string;
  readonly precision?: Precision;
}

/**
 * A key under which two sources know the same thing without anyone using a secret: `aws-access-key-id`,
 * `ssh-fingerprint`, `kubernetes-service-account`, `github-secret` and so on. The value is compared as text.
 */
export interface JoinKey {
  readonly kind: string;
  readonly value: string;
}

/** What says so: a file place or an endpoint. */
export interface Evidence {
  readonly collector: string;
  /** Endpoint, file path or rule id. */
  readonly source: string;
  readonly location?: Location;
  /** Set for a place that adds to an identity, such as a binding, and does not declare it. Others come before it. */
  readonly detail?: true;
}

/**
 * A non-human identity or a support node of the graph (a repository, a person, a consumer). `type` uses the names of
 * the model README. Attributes that nobody could read are absent, and posture answers "not-assessed" about them.
 */
export interface Identity {
  readonly id: IdentityId;
  readonly type: string;
  readonly provider: string;
  readonly account?: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly keys: readonly JoinKey[];
  readonly grants: readonly Grant[];
  /** Permissions beyond the listed ones, and values of its policies that were not read; a gap says so. */
  readonly moreGrants?: number;
  readonly evidence: readonly Evidence[];
  /** Places beyond the listed ones. */
  readonly moreEvidence?: number;
}

/** A permission on a resource. */
export interface Grant {
  readonly permission: string;
  readonly resource: string;
  readonly tier: PrivilegeTier;
  readonly source: string;
  readonly location?: Location;
}

/** How an edge is known: ids match, fingerprints match, or names suggest it. */
export type EdgeConfidence = 'proven' | 'strong' | 'inferred';

export type EdgeKind =
  | 'authenticates'
  | 'has-credential'
  | 'can-assume'
  | 'can-mint-credential'
  | 'can-read'
  | 'can-use'
  | 'can-manage'
  | 'can-impersonate'
  | 'owns'
  | 'created'
  | 'uses'
  | 'trusted-by'
  | 'installed-on'
  | 'declares'
  | 'same-key-as'
  | 'uses-tool'
  | 'holds'
  | 'member-of'
  | 'runs-in';

/** A directed edge of the graph. Ends are identity ids, or `secret:<fingerprint>` for a found secret. */
export interface Edge {
  readonly from: string;
  readonly kind: EdgeKind;
  readonly to: string;
  readonly confidence: EdgeConfidence;
  readonly evidence: readonly Evidence[];
  /** Evidence beyond the listed one. */
  readonly moreEvidence?: number;
}

/** An edge whose far end is only known by a join key yet; `correlate` resolves it or drops it. */
export interface PendingEdge {
  readonly from: IdentityId;
  readonly kind: EdgeKind;
  readonly toKey: JoinKey;
  /** True: the identity is the target and the one that the key names is the source. */
  readonly reversed?: boolean;
  readonly evidence: readonly Evidence[];
}

/** Lowest tier of the grants or of the computed attribute; undefined if neither is known. */
export function privilegeOf(identity: Identity): PrivilegeTier | undefined {
  const attribute = identity.attributes['privilegeTier']?.value;
  const tiers = identity.grants.map((grant) => grant.tier);
  if (isTier(attribute)) tiers.push(attribute);
  return tiers.length === 0 ? undefined : tiers.sort()[0];
}

/** The tier, where everything that the identity may do is known, or nothing could be worse. */
export function knownTier(identity: Identity): PrivilegeTier | undefined {
  const tier = privilegeOf(identity);
  return tier === 0 || isTier(identity.attributes['privilegeTier']?.value) ? tier : undefined;
}

function isTier(value: Json | undefined): value is PrivilegeTier {
  return value === 0 || value === 1 || value === 2 || value === 3 || value === 4;
}
