import type { Statement } from '../../../permissions/contract.ts';
import { evaluateGithub } from '../../../permissions/github/evaluate.ts';
import { factsOfEvaluation, grantsOfStatements } from '../../../permissions/github/facts.ts';
import { type Draft, setFacts } from '../../shared/identity-drafts.ts';

/** Adds what statements amount to: a grant for each, the tier, and what gives it. */
export function addPermissions(draft: Draft, statements: readonly Statement[], source: string): void {
  draft.grants.push(...grantsOfStatements(statements, draft.account ?? ''));
  setFacts(draft, { ...factsOfEvaluation(evaluateGithub(statements)) }, source);
}
