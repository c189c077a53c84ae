import type { TokenKind } from '../../clients/github/credential.ts';
import type { ApiRun, ApiUnit } from '../shared/api/run.ts';

/** Its id, and the scheme of its addresses. */
export const COLLECTOR = 'github';

/** What is read: a whole organisation, or one repository. */
export interface GithubTarget {
  readonly owner: string;
  readonly repository?: string;
}

/** How much of the audit log is read. */
export interface AuditBounds {
  /** The first day, `2026-10-01`. */
  readonly since: string;
  readonly days: number;
  readonly pages: number;
}

/** One run of the collector. */
export interface Run extends ApiRun {
  readonly audit: AuditBounds;
  readonly target: GithubTarget;
  readonly token: TokenKind;
}

/** A part of a run whose output stays together and in order: the organisation, or one repository. */
export type Unit = ApiUnit<Run>;
