import type { Endpoint } from '../../shared/api/endpoint.ts';
import * as schema from '../schema.ts';
import * as events from '../schemas/audit.ts';

export const listTokenRepositories: Endpoint<{ readonly full_name: string }> = {
  id: 'personal-access-token-repositories',
  route: '/orgs/{org}/personal-access-tokens/{token}/repositories',
  needs: 'a GitHub App with organisation Personal access tokens: read; no user token can read it',
  without: 'which repositories a fine-grained token reaches',
  level: 'optional',
  form: 'list',
  shape: schema.repositoryName,
};

export const listTokenRequests: Endpoint<schema.TokenRequest> = {
  id: 'personal-access-token-requests',
  route: '/orgs/{org}/personal-access-token-requests',
  needs: 'a GitHub App with organisation Personal access token requests: read; no user token can read it',
  without: 'fine-grained tokens that wait for an approval',
  level: 'optional',
  form: 'list',
  shape: schema.tokenRequest,
};

/** The days are added when it is asked (`auditLogSince`). */
export const listAuditEvents: Endpoint<events.AuditEvent> = {
  id: 'audit-log',
  route: '/orgs/{org}/audit-log',
  query: { include: 'all' },
  needs: 'organisation Administration: read (classic: read:audit_log) of an Enterprise Cloud organisation',
  without: 'hashes and last use of tokens, who installed apps and made webhooks, and use by people',
  level: 'optional',
  form: 'list',
  shape: events.auditEvent,
  keep: events.isOfInterest,
};

/** The audit log since a day, `2026-10-01`. */
export function auditLogSince(day: string): Endpoint<events.AuditEvent> {
  return { ...listAuditEvents, query: { ...listAuditEvents.query, phrase: `created:>=${day}` } };
}
