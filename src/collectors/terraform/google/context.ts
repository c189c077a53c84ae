import type { Evaluation, Statement } from '../../../permissions/contract.ts';
import { createGcpEvaluator } from '../../../permissions/gcp/evaluate.ts';
import { type GcpRoles, readGcpRoles } from '../../../permissions/gcp/roles.ts';
import type { Draft, Drafts } from '../../shared/identity-drafts.ts';

/** Most grants of one service account that are evaluated. More make its permissions incomplete. */
export const MOST_GRANTS = 500;

/** That one account may act as another. */
export interface Acting {
  readonly from: Draft;
  readonly target: Draft;
  readonly action: string;
  readonly source: string;
}

/** What the declarations of one run say about Google Cloud, beside its drafts. */
export interface GoogleRun {
  readonly drafts: Drafts;
  /** The predefined roles; read when the first grant is met. */
  roles(): GcpRoles;
  evaluate(statements: readonly Statement[]): Evaluation;
  /** Statements by the id of the account that has them. */
  readonly statements: Map<string, { readonly draft: Draft; readonly list: Statement[] }>;
  readonly acting: Acting[];
}

export function createGoogleRun(drafts: Drafts): GoogleRun {
  let roles: GcpRoles | undefined;
  let evaluate: GoogleRun['evaluate'] | undefined;
  const readRoles = (): GcpRoles => {
    roles ??= readGcpRoles();
    return roles;
  };
  return {
    drafts,
    roles: readRoles,
    evaluate(statements) {
      evaluate ??= createGcpEvaluator(readRoles());
      return evaluate(statements);
    },
    statements: new Map(),
    acting: [],
  };
}
