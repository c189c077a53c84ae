import type { SecretFinding } from '../model/finding.ts';
import type { Edge, EdgeConfidence, Identity, JoinKey, PendingEdge } from '../model/identity.ts';
import type { Json } from '../model/json.ts';
import type { Location } from '../model/location.ts';
import type { CompiledRule } from '../model/rule.ts';

/** What the collectors and the detector found, before joins. Findings here are grouped by secret but not yet scored. */
export interface JoinInput {
  readonly identities: readonly Identity[];
  readonly pending: readonly PendingEdge[];
  readonly findings: readonly JoinedFinding[];
  readonly now: Date;
  /**
   * Repositories (`owner/name`, lower case) whose whole checked-out tree was read: only there does absence prove
   * anything.
   */
  readonly scannedRepositories: ReadonlySet<string>;
}

/** A found secret as joins see it. */
export interface JoinedFinding extends Pick<SecretFinding, 'fingerprint' | 'ruleId' | 'facts' | 'locations'> {
  /** The node that was made from it, where no source lists its credential. */
  readonly credentialId?: string | undefined;
}

/** What a join adds: edges, and attributes that only the join can know (`consumerCount`, `usedByWorkflows`). */
export interface JoinOutput {
  readonly edges: readonly Edge[];
  readonly attributes: ReadonlyMap<string, Identity['attributes']>;
}

/**
 * A join beyond equal keys. Equal join keys are joined by the stage itself; a join file is for relations that need
 * knowledge of both sides, such as the scope order of CI secrets (environment before repository before organisation).
 */
export interface Join {
  readonly id: string;
  readonly title: string;
  /** Kinds of join key whose pending edges this join resolves; the stage leaves them alone. */
  readonly resolves?: readonly string[];
  join(input: JoinInput): JoinOutput;
}

/** Gives a join its type. */
export function defineJoin(join: Join): Join {
  return join;
}

/** What is known of a found secret without using it: what its bytes say, and names that stand in its file. */
export interface FoundSecret {
  readonly rule: Pick<CompiledRule, 'id' | 'provider' | 'title' | 'credential'>;
  readonly facts: Readonly<Record<string, Json>>;
  /** Named parts of the match that are not secret: user, host, account. */
  readonly parts: Readonly<Record<string, string>>;
  /** Keys that the value or its match gives. */
  readonly keys: readonly JoinKey[];
  /** Keys of identifiers that stand near it in the same file. */
  readonly nearbyKeys: readonly JoinKey[];
  readonly locations: readonly Location[];
}

/** A node that a found secret names: the credential itself, or who stands behind it. */
export interface NamedNode {
  readonly id: string;
  readonly type: string;
  readonly provider: string;
  readonly name: string;
  readonly account?: string | undefined;
  readonly keys?: readonly JoinKey[];
  /** Values by attribute name; what is undefined is unknown. */
  readonly facts?: Readonly<Record<string, Json | undefined>>;
}

/** What a reader makes of a secret. */
export interface CredentialReading {
  /** Absent: the secret has no name of its own, and its fingerprint stands for it. */
  readonly credential?: NamedNode;
  /** Who stands behind it, and how sure that is. */
  readonly principals?: readonly (NamedNode & { readonly confidence: EdgeConfidence })[];
  /** More about the credential, whatever it is called. */
  readonly facts?: Readonly<Record<string, Json | undefined>>;
  /** The account, tenant, project or workspace that it belongs to. */
  readonly account?: string | undefined;
}

/**
 * Tells what a found secret says about itself, for one provider or form: the node of the credential and the identity
 * behind it. Pure; it never sees the value.
 */
export interface CredentialReader {
  readonly id: string;
  readonly title: string;
  /** Undefined: the secret is none of its kind. The first reader that says something is believed. */
  read(secret: FoundSecret): CredentialReading | undefined;
}

/** Gives a reader its type. */
export function defineCredentialReader(reader: CredentialReader): CredentialReader {
  return reader;
}
