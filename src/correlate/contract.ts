import type { SecretFinding } from '../model/finding.ts';
import type { Edge, Identity, PendingEdge } from '../model/identity.ts';

/** What the collectors and the detector found, before joins. Findings here are grouped by secret but not yet scored. */
export interface JoinInput {
  readonly identities: readonly Identity[];
  readonly pending: readonly PendingEdge[];
  readonly findings: readonly Pick<SecretFinding, 'fingerprint' | 'ruleId' | 'facts' | 'locations'>[];
  readonly now: Date;
  /**
   * Repositories (`owner/name`, lower case) whose whole checked-out tree was read: only there does absence prove
   * anything.
   */
  readonly scannedRepositories: ReadonlySet<string>;
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
