import type { PrivilegeTier } from '../../model/identity.ts';
import { asObject, asText } from '../shared/loose.ts';

/** Permissions of GITHUB_TOKEN whose write access lets a job change code, releases or what other workflows trust. */
const STRONG_WRITES = new Set([
  'actions',
  'attestations',
  'contents',
  'deployments',
  'id-token',
  'packages',
  'pages',
  'pull-requests',
  'issues',
  '*',
]);

/** Events that run with secrets and a writing token on content that a stranger sent. */
const PRIVILEGED_TRIGGERS = new Set([
  'pull_request_target',
  'workflow_run',
  'issue_comment',
  'issues',
  'discussion_comment',
]);

/**
 * `permissions:` as a sorted list of `name:level` without `none`; `*:write` for write-all. Undefined: not declared, so
 * the repository's default applies.
 */
export function readPermissions(value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const text = asText(value);
  if (text === 'write-all') return ['*:write'];
  if (text === 'read-all') return ['*:read'];
  const entries = Object.entries(asObject(value)).filter(([, level]) => level === 'read' || level === 'write');
  return entries.map(([name, level]) => `${name}:${asText(level) ?? 'unknown'}`).sort();
}

/** Tier of a GITHUB_TOKEN with these permissions: it never reaches beyond its repository, so it never is tier 0. */
export function tokenTier(permissions: readonly string[]): PrivilegeTier {
  const writes = permissions
    .filter((permission) => permission.endsWith(':write'))
    .map((text) => text.split(':')[0] ?? '');
  if (writes.includes('*') || writes.includes('contents') || writes.includes('packages')) return 1;
  if (writes.some((name) => STRONG_WRITES.has(name))) return 2;
  return writes.length > 0 || permissions.length > 0 ? 3 : 4;
}

/** True when one of the events gives strangers a run with secrets. */
export function isPrivilegedTrigger(triggers: readonly string[]): boolean {
  return triggers.some((trigger) => PRIVILEGED_TRIGGERS.has(trigger));
}
