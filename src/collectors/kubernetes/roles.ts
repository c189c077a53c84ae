import { defined } from '../../lib/fields/defined.ts';
import type { Grant, PrivilegeTier } from '../../model/identity.ts';
import { asList, asObject, asTexts } from '../shared/loose.ts';
import type { Manifest } from './manifest.ts';

/** Verbs with which somebody can get more rights than they have. */
const ESCALATION_VERBS = new Set(['escalate', 'bind', 'impersonate']);
const WRITE_VERBS = new Set(['create', 'update', 'patch', 'delete', 'deletecollection', '*']);
const READ_VERBS = new Set(['get', 'list', 'watch', '*']);
/** Whoever can change these resources can run code, or decide which code is admitted. */
const WORKLOADS = new Set(['pods', 'deployments', 'daemonsets', 'statefulsets', 'jobs', 'cronjobs', 'replicasets']);

/** One rule of a role, and where it holds: a namespace, or everywhere. */
export interface RoleRule {
  readonly verbs: readonly string[];
  readonly resources: readonly string[];
  /** `*` for a cluster-wide binding. */
  readonly where: string;
}

/** What a set of rules amounts to. */
export interface RoleFacts {
  readonly clusterAdmin: boolean;
  readonly wildcardVerbs: boolean;
  readonly wildcardResources: boolean;
  readonly readsSecrets: boolean;
  readonly escalationVerbs: readonly string[];
  readonly execsPods: boolean;
}

/**
 * Roles that exist in every cluster, reduced to what matters here.
 * https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles
 */
const BUILT_IN: Readonly<Record<string, Omit<RoleRule, 'where'>>> = {
  'cluster-admin': { verbs: ['*'], resources: ['*'] },
  admin: {
    verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
    resources: ['pods', 'roles', 'secrets', 'serviceaccounts'],
  },
  edit: {
    verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
    resources: ['pods', 'secrets', 'serviceaccounts'],
  },
  view: { verbs: ['get', 'list', 'watch'], resources: ['configmaps', 'pods', 'services'] },
};

/** Returns the rules of a named role, or undefined if neither the files nor Kubernetes itself define it. */
export function findRules(
  manifests: readonly Manifest[],
  kind: string,
  name: string,
  where: string,
): RoleRule[] | undefined {
  const declared = manifests.find(
    (manifest) => manifest.kind === kind && manifest.name === name && fits(manifest, kind, where),
  );
  if (declared !== undefined) return readRules(declared, where);
  const builtIn = kind === 'ClusterRole' ? BUILT_IN[name] : undefined;
  return builtIn === undefined ? undefined : [{ ...builtIn, where }];
}

function fits(role: Manifest, kind: string, where: string): boolean {
  return kind === 'ClusterRole' || role.namespace === where;
}

function readRules(role: Manifest, where: string): RoleRule[] {
  return asList(role.body['rules']).map((value) => {
    const rule = asObject(value);
    return { verbs: asTexts(rule['verbs']), resources: asTexts(rule['resources']), where };
  });
}

/** Facts of rules, for posture. */
export function factsOf(rules: readonly RoleRule[]): RoleFacts {
  const some = (test: (rule: RoleRule) => boolean): boolean => rules.some(test);
  const verbs = rules.flatMap((rule) => rule.verbs.filter((verb) => ESCALATION_VERBS.has(verb)));
  const mints = some((rule) => rule.resources.includes('serviceaccounts/token') && writes(rule));
  return {
    clusterAdmin: some(isAdmin),
    wildcardVerbs: some((rule) => rule.verbs.includes('*')),
    wildcardResources: some((rule) => rule.resources.includes('*')),
    readsSecrets: some((rule) => touches(rule, 'secrets') && reads(rule)),
    escalationVerbs: [...new Set([...verbs, ...(mints ? ['create serviceaccounts/token'] : [])])].sort(),
    execsPods: some(
      (rule) => touches(rule, 'pods/exec') || touches(rule, 'pods/attach') || touches(rule, 'nodes/proxy'),
    ),
  };
}

/** Each rule as a grant. */
export function grantsOf(rules: readonly RoleRule[], source: string, location: Grant['location']): Grant[] {
  return rules.map((rule) => ({
    permission: `${rule.verbs.join(',')} ${rule.resources.join(',')}`,
    resource: rule.where === '*' ? 'cluster' : `namespace ${rule.where}`,
    tier: tierOf(rule),
    source,
    ...defined({ location }),
  }));
}

/**
 * Returns the tier of one rule. 0: everything everywhere, or getting more rights. 1 or 2: secrets and running code. 3:
 * reading.
 */
export function tierOf(rule: RoleRule): PrivilegeTier {
  const everywhere = rule.where === '*';
  if (isAdmin(rule)) return 0;
  if (rule.verbs.some((verb) => ESCALATION_VERBS.has(verb)) && everywhere) return 0;
  const code = [...WORKLOADS, 'pods/exec', 'serviceaccounts/token'].some((name) => touches(rule, name)) && writes(rule);
  const secrets = touches(rule, 'secrets') && (reads(rule) || writes(rule));
  if (code || secrets) return everywhere ? 1 : 2;
  return writes(rule) ? 2 : 3;
}

function isAdmin(rule: RoleRule): boolean {
  return rule.where === '*' && rule.verbs.includes('*') && rule.resources.includes('*');
}

function touches(rule: RoleRule, resource: string): boolean {
  return rule.resources.includes(resource) || rule.resources.includes('*');
}

function reads(rule: RoleRule): boolean {
  return rule.verbs.some((verb) => READ_VERBS.has(verb));
}

function writes(rule: RoleRule): boolean {
  return rule.verbs.some((verb) => WRITE_VERBS.has(verb));
}
