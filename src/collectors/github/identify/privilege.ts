import type { Grant, PrivilegeTier } from '../../../model/identity.ts';

/** Permissions whose write access lets an app give more rights to itself or others. */
const ADMIN_NAMES = new Set([
  'administration',
  'members',
  'secrets',
  'environments',
  'actions_variables',
  'dependabot_secrets',
]);
const ORGANISATION_PREFIX = /^(?:organization|enterprise)_/;
/** Permissions on the organisation that do not lead to more power. Every other one does. */
const ORGANISATION_MINOR = /^organization_(?:projects|announcement_banners|events|copilot|packages|custom_properties)/;
/** Whoever can write these changes what runs or what is shipped. */
const CODE_NAMES = new Set([
  'contents',
  'workflows',
  'actions',
  'packages',
  'deployments',
  'pages',
  'repository_hooks',
]);
/** Whoever can read these sees secrets or weaknesses. */
const SENSITIVE_NAMES = new Set(['secret_scanning_alerts', 'vulnerability_alerts', 'security_events', 'codespaces']);
const HARMLESS_NAMES = new Set(['metadata', 'emails', 'starring', 'followers', 'profile', 'plan', 'organization_plan']);

/**
 * Returns the tier of one permission: 0 can become administrator, 1 writes code everywhere, 2 writes or reads sensitive
 * data, 3 reads.
 */
export function permissionTier(name: string, level: string, everywhere: boolean): PrivilegeTier {
  if (HARMLESS_NAMES.has(name)) return 4;
  const writes = level === 'write' || level === 'admin';
  if (!writes) return SENSITIVE_NAMES.has(name) ? 2 : 3;
  if (ORGANISATION_PREFIX.test(name)) return ORGANISATION_MINOR.test(name) ? 1 : 0;
  if (name === 'members') return 0;
  if (ADMIN_NAMES.has(name)) return everywhere ? 0 : 1;
  return everywhere && CODE_NAMES.has(name) ? 1 : 2;
}

/** `contents:write`, sorted by name. */
export function permissionList(permissions: Readonly<Record<string, string>>): string[] {
  return Object.entries(permissions)
    .map(([name, level]) => `${name}:${level}`)
    .sort();
}

/** Returns the grants of an app or token on a resource: `acme` (everything in it) or `acme (selected)`. */
export function grantsOf(
  permissions: Readonly<Record<string, string>>,
  resource: string,
  everywhere: boolean,
  source: string,
): Grant[] {
  return Object.entries(permissions)
    .map(([name, level]) => ({
      permission: `${name}:${level}`,
      resource: everywhere ? resource : `${resource} (selected)`,
      tier: permissionTier(name, level, everywhere),
      source,
    }))
    .sort((a, b) => (a.permission < b.permission ? -1 : 1));
}

/** Returns the highest power (the lowest number) among grants. An identity that may do nothing has tier 4. */
export function highestTier(grants: readonly Grant[]): PrivilegeTier {
  const tiers = grants.map((grant) => grant.tier);
  const strongest = ([0, 1, 2, 3] as const).find((tier) => tiers.includes(tier));
  return strongest ?? 4;
}
