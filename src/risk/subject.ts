import type { Owner } from '../model/finding.ts';
import type { Edge, Identity } from '../model/identity.ts';
import { NOT_TRIED } from '../model/verdict.ts';
import type { RiskSubject } from './contract.ts';

/** What a posture finding knows: an identity and its surroundings, no secret. */
export interface PostureSubjectInput {
  readonly identity: Identity;
  readonly edges: readonly Edge[];
  readonly owners: readonly Owner[];
  readonly thresholds: Readonly<Record<string, number>>;
  readonly now: Date;
}

/** The subject of a posture finding: where the credential is kept and whether it lives is read from the identity. */
export function subjectOfIdentity({ identity, edges, owners, thresholds, now }: PostureSubjectInput): RiskSubject {
  return {
    identity,
    edges,
    owners,
    thresholds,
    now,
    grade: 'secret',
    verdict: NOT_TRIED,
    locations: [],
    exposure: 'unknown',
    places: 1,
    facts: {},
  };
}
