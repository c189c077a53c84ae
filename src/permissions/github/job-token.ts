import type { PrivilegeTier } from '../../model/identity.ts';
import type { Evaluation, Power, PowerFamily, StatementSource } from '../contract.ts';

/** What writing with a GITHUB_TOKEN is worth, in the words of `permissions:` in a workflow. */
const WRITES: Readonly<Record<string, { readonly family: PowerFamily; readonly tier: PrivilegeTier }>> = {
  '*': { family: 'service-wildcard', tier: 1 },
  contents: { family: 'write', tier: 1 },
  packages: { family: 'write', tier: 1 },
  actions: { family: 'lateral-movement', tier: 2 },
  'id-token': { family: 'lateral-movement', tier: 2 },
  attestations: { family: 'write', tier: 2 },
  deployments: { family: 'write', tier: 2 },
  pages: { family: 'write', tier: 2 },
  'pull-requests': { family: 'write', tier: 2 },
  issues: { family: 'write', tier: 2 },
};
const SENSITIVE_READS: ReadonlySet<string> = new Set(['security-events', '*']);

/**
 * Evaluates a GITHUB_TOKEN with these permissions (`contents:write`, `*:read`). It never reaches beyond its repository,
 * so it is never tier 0; what its repository ships is production for whoever uses it.
 */
export function evaluateJobToken(
  permissions: readonly string[],
  repository: string,
  source: StatementSource,
): Evaluation {
  const powers = permissions.map((permission) => powerOf(permission, repository, source));
  powers.sort((a, b) => a.tier - b.tier || (a.actions.join() < b.actions.join() ? -1 : 1));
  return { powers, complete: true, tier: powers[0]?.tier ?? 4 };
}

function powerOf(permission: string, repository: string, source: StatementSource): Power {
  const at = permission.lastIndexOf(':');
  const name = permission.slice(0, at);
  const common = { actions: [permission], resource: repository, everywhere: true, source };
  if (permission.slice(at + 1) === 'write') {
    const worth = Object.hasOwn(WRITES, name) ? WRITES[name] : undefined;
    return { family: 'write', tier: 3, ...worth, ...common };
  }
  const sensitive = SENSITIVE_READS.has(name);
  return { family: sensitive ? 'data-exfiltration' : 'read', tier: 3, ...common };
}
