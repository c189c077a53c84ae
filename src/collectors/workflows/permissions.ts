import type { PrivilegeTier } from '../../model/identity.ts';
import { asObject, asText } from '../shared/loose.ts';

/** Permissions of GITHUB_TOKEN whose write access lets a job change code, releases, or what other workflows trust. */
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

/** Events that run content of a stranger with secrets and a token that can write. */
const PRIVILEGED_TRIGGERS = new Set([
  'pull_request_target',
  'workflow_run',
  'issue_comment',
  'issues',
  'discussion_comment',
]);

/**
 * Returns `permissions:` as a sorted list of `name:level` without `none`, and `*:write` for write-all. Undefined if
 * nothing is declared, so that the default of the repository applies.
 */
export function readPermissions(value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const text = asText(value);
  if (text === 'write-all') return ['*:write'];
  if (text === 'read-all') return ['*:read'];
  const entries = Object.entries(asObject(value)).filter(([, level]) => level === 'read' || level === 'write');
  return entries.map(([name, level]) => `${name}:${asText(level) ?? 'unknown'}`).sort();
}

/**
 * Returns the tier of a GITHUB_TOKEN with these permissions. It never reaches beyond its repository, so it is never
 * tier 0.
 */
export function tokenTier(permissions: readonly string[]): PrivilegeTier {
  const writes = permissions
    .filter((permission) => permission.endsWith(':write'))
    .map((text) => text.split(':')[0] ?? '');
  if (writes.includes('*') || writes.includes('contents') || writes.includes('packages')) return 1;
  if (writes.some((name) => STRONG_WRITES.has(name))) return 2;
  return writes.length > 0 || permissions.length > 0 ? 3 : 4;
}

/** True if one of the events lets strangers start a run with secrets. */
export function isPrivilegedTrigger(triggers: readonly string[]): boolean {
  return triggers.some((trigger) => PRIVILEGED_TRIGGERS.has(trigger));
}
