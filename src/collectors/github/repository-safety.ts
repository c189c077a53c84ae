import { titleOf } from '../shared/api/endpoint.ts';
import { readEntries, readOne } from '../shared/api/read.ts';
import { type Draft, setFacts } from '../shared/identity-drafts.ts';
import { readAlerts } from './alerts.ts';
import { getCopilotConfiguration } from './endpoints/agents.ts';
import { getBranch, listBranchRules, listOutsideAdmins, listRepositoryAlerts } from './endpoints/security.ts';
import { describeCopilot } from './identify/agents.ts';
import type { RepositoryReading as Reading } from './reading.ts';
import type { BranchRule } from './schema.ts';

/** Reads alerts, outside administrators and the coding agent of a repository. */
export async function readSafety(reading: Reading): Promise<void> {
  const { unit, drafts, parameters, options, setting } = reading;
  // The list of an organisation holds the alerts of its repositories.
  if (setting.only) await readAlerts(unit, drafts, listRepositoryAlerts, parameters, options);
  const admins = await readEntries(unit, listOutsideAdmins, parameters, { ...options, only: false });
  for (const admin of admins.entries) setting.people.administers(admin.login, options.subject);
  const copilot = await readOne(unit, getCopilotConfiguration, parameters, { ...options, only: false });
  if (copilot.entry !== undefined) describeCopilot(drafts, options.subject, copilot.entry);
}

/**
 * Whether something must be reviewed before it reaches the default branch. Rulesets say so; the older protection of
 * branches says only that there is one, so without a rule the answer is no only where the branch is unprotected.
 */
export async function readReview(reading: Reading, draft: Draft): Promise<boolean | undefined> {
  const { unit, repository, options } = reading;
  const branch = repository.default_branch;
  if (branch === undefined || repository.archived === true) return undefined;
  const parameters = { ...reading.parameters, branch };
  const rules = await readEntries(unit, listBranchRules, parameters, { ...options, only: false });
  if (rules.entries.some(asksForReview)) return tell(draft, true);
  const main = await readOne(unit, getBranch, parameters, { ...options, only: false });
  if (!rules.whole || main.entry === undefined || main.entry.protected) return undefined;
  return tell(draft, false);
}

function asksForReview(rule: BranchRule): boolean {
  return rule.type === 'pull_request' && (rule.parameters?.required_approving_review_count ?? 0) > 0;
}

function tell(draft: Draft, reviewRequired: boolean): boolean {
  setFacts(draft, { reviewRequired }, titleOf(listBranchRules));
  return reviewRequired;
}
