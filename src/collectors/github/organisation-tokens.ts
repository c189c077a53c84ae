import type { Endpoint } from '../shared/api/endpoint.ts';
import { readEntries, skip } from '../shared/api/read.ts';
import { whyNotAsked } from './available.ts';
import { listCredentialAuthorizations, listPersonalAccessTokens } from './endpoints/organisation.ts';
import { auditLogSince, listAuditEvents, listTokenRepositories, listTokenRequests } from './endpoints/tokens.ts';
import { type AuditFacts, readAudit } from './identify/audit.ts';
import { describeTokenUses } from './identify/audit-uses.ts';
import type { People } from './identify/people.ts';
import { describeAuthorization, describePersonalAccessToken, describeTokenRequest } from './identify/tokens.ts';
import { parametersOf, type OrganisationReading as Reading } from './reading.ts';
import type { Organisation, PersonalAccessToken } from './schema.ts';

/**
 * Reads what the audit log says of credentials, for so many days and pages. Undefined where there is no log to read.
 * The log of a large organisation has more pages than a run should ask for; what is beyond them is a gap.
 */
export async function readAuditLog(reading: Reading, organisation: Organisation): Promise<AuditFacts | undefined> {
  const { unit, org, options } = reading;
  const { audit, token } = unit.run;
  const reason = audit.days === 0 ? 'audit-days is 0' : whyNotAsked(listAuditEvents, token, organisation.plan?.name);
  if (reason !== undefined) {
    skip(unit, listAuditEvents, `${org}: ${reason}`);
    return undefined;
  }
  const since = auditLogSince(audit.since);
  const events = await readEntries(unit, since, parametersOf(reading), { ...options, pages: audit.pages });
  return events.entries.length === 0 && !events.whole ? undefined : readAudit(events.entries, org);
}

/** Reads tokens of people: those that GitHub lists, those that wait, and those that only the log names. */
export async function readTokens(
  reading: Reading,
  organisation: Organisation,
  people: People,
  audit: AuditFacts | undefined,
): Promise<void> {
  const { drafts, org } = reading;
  const plan = organisation.plan?.name;
  const listed = new Map<string, string>();
  for (const token of await readAvailable(reading, listPersonalAccessTokens, plan)) {
    const repositories = await readRepositories(reading, token);
    const id = describePersonalAccessToken(drafts, people, org, token, repositories);
    if (token.token_id !== undefined) listed.set(token.token_id, id);
  }
  for (const request of await readAvailable(reading, listTokenRequests, plan))
    describeTokenRequest(drafts, people, org, request);
  for (const authorization of await readAvailable(reading, listCredentialAuthorizations, plan))
    describeAuthorization(drafts, people, org, authorization);
  if (audit !== undefined) describeTokenUses(drafts, people, org, audit, listed);
}

async function readRepositories(reading: Reading, token: PersonalAccessToken): Promise<readonly string[] | undefined> {
  if (token.repository_selection !== 'subset') return undefined;
  const parameters = { ...parametersOf(reading), token: token.id };
  const options = { subject: `${reading.org} token ${token.id}`, only: false };
  const repositories = await readEntries(reading.unit, listTokenRepositories, parameters, options);
  return repositories.whole ? repositories.entries.map((entry) => entry.full_name) : undefined;
}

async function readAvailable<T>(
  reading: Reading,
  endpoint: Endpoint<T>,
  plan: string | undefined,
): Promise<readonly T[]> {
  const { unit, org, options } = reading;
  const reason = whyNotAsked(endpoint, unit.run.token, plan);
  if (reason === undefined) return (await readEntries(unit, endpoint, parametersOf(reading), options)).entries;
  skip(unit, endpoint, `${org}: ${reason}`);
  return [];
}
