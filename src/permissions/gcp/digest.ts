import type { PrivilegeTier } from '../../model/identity.ts';
import { isNamedPower, SET_POLICY, writeTier } from './powers.ts';
import { type GcpRoles, serviceOf } from './roles.ts';

/** Most policies of resources that a digest lists. Owner may set 300. */
const MOST_POLICIES = 20;

/** What matters of a list of permissions. Owner has 13,000, and a project can grant it a thousand times. */
export interface Digest {
  readonly count: number;
  /** Permissions that the table of powers names. */
  readonly powers: readonly string[];
  /** Permissions to set policies of resources, those of the table left out. */
  readonly policies: readonly string[];
  /** Services of which every permission is in the list, and not all of them only read. */
  readonly wholeServices: readonly string[];
  readonly strongestWrite: { readonly permission: string; readonly tier: PrivilegeTier } | undefined;
  readonly first: string;
}

/**
 * Returns a function that makes digests, each list once. Google says of the role Viewer that it changes nothing, so
 * what is in it only reads, whatever its verb.
 */
export function createDigests(roles: GcpRoles): (permissions: readonly string[]) => Digest {
  const known = new WeakMap<readonly string[], Digest>();
  const reads = new Set(roles.permissionsOf('roles/viewer'));
  return (permissions) => {
    const digest = known.get(permissions) ?? digestOf(permissions, roles.services, reads);
    known.set(permissions, digest);
    return digest;
  };
}

function digestOf(
  permissions: readonly string[],
  services: ReadonlyMap<string, number>,
  reads: ReadonlySet<string>,
): Digest {
  const held = new Map<string, number>();
  const writes = new Set<string>();
  let strongestWrite: Digest['strongestWrite'];
  for (const permission of new Set(permissions)) {
    const service = serviceOf(permission);
    held.set(service, (held.get(service) ?? 0) + 1);
    const tier = reads.has(permission) ? undefined : writeTier(permission);
    if (tier === undefined) continue;
    writes.add(service);
    if (tier < (strongestWrite?.tier ?? 4)) strongestWrite = { permission, tier };
  }
  const whole = [...held].filter(([service, count]) => writes.has(service) && services.get(service) === count);
  const policies = permissions.filter((permission) => permission.endsWith(SET_POLICY) && !isNamedPower(permission));
  return {
    count: permissions.length,
    powers: permissions.filter(isNamedPower),
    policies: policies.slice(0, MOST_POLICIES),
    wholeServices: whole.map(([service]) => service),
    strongestWrite,
    first: permissions[0] ?? '',
  };
}
