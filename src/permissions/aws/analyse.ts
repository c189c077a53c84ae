import { defined } from '../../lib/fields/defined.ts';
import type { Grant, PrivilegeTier } from '../../model/identity.ts';
import { CREDENTIAL_ACTIONS, DATA_ACTIONS, ESCALATIONS, HARMLESS_ACTIONS, READ_VERB, SELF_ACTIONS } from './actions.ts';
import { joinDocuments, type PatternList, type PolicyDocument, type Statement } from './document.ts';
import { covers, globMatches, isBroad, isBroadResource, isMfaCondition, isNetworkCondition, reachOf } from './match.ts';

/** A policy that is attached to a principal. Without a document its permissions are unknown. */
export interface AttachedPolicy {
  readonly name: string;
  /** Endpoint or file that says so. */
  readonly source: string;
  readonly document?: PolicyDocument;
}

/** A permissions boundary: its document, or `unknown` if there is one that nobody could read. */
export type Boundary = PolicyDocument | 'unknown';

/** What the policies of one principal allow. An absent fact is unknown: a part of a policy could not be read. */
export interface PermissionFacts {
  readonly policies: readonly string[];
  readonly wildcardActions?: boolean;
  readonly wildcardResources?: boolean;
  /** Sets of actions, joined by ` + `. For an administrator only `*`. */
  readonly escalationActions?: readonly string[];
  readonly credentialActions?: readonly string[];
  readonly dataActions?: readonly string[];
  readonly privilegeTier?: PrivilegeTier;
  readonly networkRestricted?: boolean;
  readonly mfaRequired?: boolean;
  readonly grants: readonly Grant[];
  /** How many more permissions there are that were not kept or not read. */
  readonly moreGrants: number;
  /** Role ARNs or patterns that the principal may assume. */
  readonly assumable: readonly string[];
}

/** Most grants that are kept for a principal. Its tier is computed over all statements. */
const MAX_GRANTS = 300;
/** Most grants that are compared to choose the most powerful ones. The product of long lists can have millions. */
const MAX_COMPARED = 10 * MAX_GRANTS;

/** Analyses all policies of one principal together. A pure function. */
export function analysePermissions(policies: readonly AttachedPolicy[], boundary?: Boundary): PermissionFacts {
  const document = joinDocuments(policies.flatMap((policy) => policy.document ?? []));
  const limit = boundary === 'unknown' ? undefined : boundary;
  const isLimitKnown = limit === undefined ? boundary === undefined : areStatementsKnown(limit);
  const unknown = !isLimitKnown || !isFullyKnown(policies, document);
  const view: View = { document, ...defined({ limit }), unknown };
  const admin = isAdmin(view);
  const escalations = admin ? [{ actions: ['*'], gain: 'any-permission' as const }] : findEscalations(view);
  const canEscalate = escalations.some((set) => set.gain !== 'existing-role');
  const unlimited = canEscalate || !isLimited(view);
  const { grants, left } = grantsOf(policies, unlimited);
  const tiers = allows(document).flatMap((statement) => statementTiers(statement, unlimited));
  const tier = lowest([...tiers, ...(canEscalate ? [0 as const] : [])]);
  return {
    policies: [...new Set(policies.map((policy) => policy.name))].sort(),
    ...truth('wildcardActions', allows(document).some(hasWildcardActions), unknown),
    ...truth('wildcardResources', allows(document).some(hasWildcardResources), unknown),
    ...(boundary === 'unknown' ? {} : reachFacts(view, escalations, admin)),
    ...(boundary === 'unknown' || (unknown && tier > 0) ? {} : { privilegeTier: tier }),
    ...restrictions(document, unknown),
    grants: grants.slice(0, MAX_GRANTS),
    moreGrants: Math.max(0, grants.length - MAX_GRANTS) + left + (document.left ?? 0) + (limit?.left ?? 0),
    assumable: assumableRoles(document),
  };
}

function reachFacts(
  view: View,
  escalations: readonly { readonly actions: readonly string[] }[],
  admin: boolean,
): Pick<PermissionFacts, 'escalationActions' | 'credentialActions' | 'dataActions'> {
  const sets = escalations.map((set) => set.actions.join(' + '));
  return {
    ...listed('escalationActions', sets, view.unknown),
    ...listed('credentialActions', reachable(view, CREDENTIAL_ACTIONS, admin), view.unknown),
    ...listed('dataActions', reachable(view, DATA_ACTIONS, admin), view.unknown),
  };
}

interface View {
  readonly document: PolicyDocument;
  readonly limit?: PolicyDocument;
  readonly unknown: boolean;
}

function allows(document: PolicyDocument): readonly Statement[] {
  return document.statements.filter((statement) => statement.effect === 'Allow');
}

function isFullyKnown(policies: readonly AttachedPolicy[], document: PolicyDocument): boolean {
  return areStatementsKnown(document) && policies.every((policy) => policy.document !== undefined);
}

function areStatementsKnown(document: PolicyDocument): boolean {
  if (document.unknown) return false;
  return document.statements.every(
    ({ effect, actions, resources }) => effect !== 'unknown' && !actions.unknown && !resources.unknown,
  );
}

function isLimited(view: View): boolean {
  return view.limit !== undefined || view.document.statements.some((statement) => statement.effect === 'Deny');
}

function isAdmin(view: View): boolean {
  const everything = allows(view.document).some(
    ({ actions, resources, conditionUnknown }) =>
      !actions.except && actions.patterns.some(isEverything) && isBroad(resources) && !conditionUnknown,
  );
  return everything && !isLimited(view) && reachOf(view.document, undefined, 'iam:CreatePolicyVersion') === 'all';
}

function isEverything(pattern: string): boolean {
  return pattern === '*' || pattern === '*:*';
}

function findEscalations(view: View): readonly { readonly actions: readonly string[]; readonly gain: string }[] {
  const full = (action: string): boolean => reachOf(view.document, view.limit, action) === 'all';
  return ESCALATIONS.filter((set) => set.actions.every(full));
}

function reachable(view: View, actions: readonly string[], admin: boolean): readonly string[] {
  if (admin) return ['*'];
  return actions.filter((action) => reachOf(view.document, view.limit, action) !== 'none');
}

function hasWildcardActions({ actions }: Statement): boolean {
  return actions.except || actions.patterns.some((pattern) => isEverything(pattern) || /^[\w-]+:\*+$/.test(pattern));
}

/** Read-only metadata actions often accept no other resource than `*`, so they do not count. */
function hasWildcardResources(statement: Statement): boolean {
  const { actions, resources } = statement;
  if (!resources.except && !resources.patterns.includes('*')) return false;
  return actions.except || actions.patterns.some((pattern) => actionTier(pattern, true) <= 2);
}

function restrictions(
  document: PolicyDocument,
  unknown: boolean,
): Pick<PermissionFacts, 'networkRestricted' | 'mfaRequired'> {
  const statements = allows(document);
  if (statements.length === 0) return {};
  const unclear = unknown || document.statements.some((statement) => statement.conditionUnknown);
  const denied = document.statements.filter(
    ({ effect, actions }) => effect === 'Deny' && (actions.except || actions.patterns.some(isEverything)),
  );
  const network =
    statements.every(({ conditions }) => conditions.some(isNetworkCondition)) ||
    denied.some(({ conditions }) =>
      conditions.some((condition) => isNetworkCondition(condition) && /not/i.test(condition.operator)),
    );
  const mfa = statements.every(({ conditions }) => conditions.some(isMfaCondition));
  return {
    ...truth('networkRestricted', network && !unknown, unclear),
    ...truth('mfaRequired', mfa && !unknown, unclear),
  };
}

function assumableRoles(document: PolicyDocument): string[] {
  const roles = allows(document)
    .filter((statement) => covers(statement.actions, 'sts:AssumeRole') && !statement.actions.except)
    .flatMap((statement) => (statement.resources.except ? [] : statement.resources.patterns));
  return [...new Set(roles)].sort();
}

/**
 * Returns grants, the most powerful first. `left`: how many were not compared. Repetitions among these are counted
 * several times.
 */
function grantsOf(
  policies: readonly AttachedPolicy[],
  unlimited: boolean,
): { readonly grants: readonly Grant[]; readonly left: number } {
  const grants = new Map<string, Grant>();
  let left = 0;
  for (const { statement, origin } of policies.flatMap(allowedBy)) {
    if (grants.size >= MAX_COMPARED) left += countGrants(statement);
    else for (const grant of statementGrants(statement, unlimited)) left += keep(grants, { ...grant, ...origin });
  }
  return { grants: [...grants.values()].sort((a, b) => a.tier - b.tier), left };
}

function allowedBy({ document, source }: AttachedPolicy): {
  readonly statement: Statement;
  readonly origin: Pick<Grant, 'source' | 'location'>;
}[] {
  if (document === undefined) return [];
  const origin = { source, ...defined({ location: document.location }) };
  return allows(document).map((statement) => ({ statement, origin }));
}

/** Returns how many grants did not fit: one or none. */
function keep(grants: Map<string, Grant>, grant: Grant): number {
  const key = `${grant.permission} ${grant.resource}`;
  if (grants.has(key)) return 0;
  if (grants.size >= MAX_COMPARED) return 1;
  grants.set(key, grant);
  return 0;
}

function countGrants({ actions, resources }: Statement): number {
  return permissionNames(actions).length * resourceNames(resources).length;
}

function statementGrants(statement: Statement, unlimited: boolean): Pick<Grant, 'permission' | 'resource' | 'tier'>[] {
  const isWide = (resource: string): boolean => statement.resources.except || isBroadResource(resource);
  const resources = resourceNames(statement.resources).map((resource) => ({ resource, broad: isWide(resource) }));
  return permissionNames(statement.actions).flatMap((permission) => {
    const onAll = tierOf(statement, permission, true, unlimited);
    const onSome = tierOf(statement, permission, false, unlimited);
    return resources.map(({ resource, broad }) => ({ permission, resource, tier: broad ? onAll : onSome }));
  });
}

/** Returns the tiers of a statement's permissions on the widest of its resources: no other gives more power. */
function statementTiers(statement: Statement, unlimited: boolean): PrivilegeTier[] {
  if (resourceNames(statement.resources).length === 0) return [];
  const broad = isBroad(statement.resources);
  return permissionNames(statement.actions).map((permission) => tierOf(statement, permission, broad, unlimited));
}

function tierOf({ actions }: Statement, permission: string, broad: boolean, unlimited: boolean): PrivilegeTier {
  const tier = actions.except ? exceptTier(actions, broad) : actionTier(permission, broad);
  return unlimited || tier > 0 ? tier : 1;
}

function permissionNames({ patterns, except }: PatternList): readonly string[] {
  return except ? [`* except ${patterns.join(', ')}`] : patterns;
}

function resourceNames({ patterns, except }: PatternList): readonly string[] {
  return except ? [`* except ${patterns.join(', ')}`] : patterns;
}

function exceptTier(actions: PatternList, broad: boolean): PrivilegeTier {
  if (!broad) return 1;
  const direct = ESCALATIONS.some(
    (set) => set.gain === 'any-permission' && set.actions.every((action) => covers(actions, action)),
  );
  return direct ? 0 : 1;
}

/** Returns the tier of one action pattern, on all (`broad`) or some resources. The model defines the tiers. */
function actionTier(pattern: string, broad: boolean): PrivilegeTier {
  if (isEverything(pattern)) return broad ? 0 : 1;
  if (matchesDirect(pattern)) return broad ? 0 : 1;
  if (HARMLESS_ACTIONS.some((action) => action.toLowerCase() === pattern.toLowerCase())) return 3;
  if (SELF_ACTIONS.some((action) => action.toLowerCase() === pattern.toLowerCase())) return 4;
  const verb = pattern.slice(pattern.indexOf(':') + 1).toLowerCase();
  if (READ_VERB.test(verb)) return readsSensitive(pattern) ? 2 : 3;
  return broad ? 1 : 2;
}

function matchesDirect(pattern: string): boolean {
  return ESCALATIONS.some(
    ({ gain, actions }) => gain === 'any-permission' && actions.every((action) => globMatches(pattern, action)),
  );
}

function readsSensitive(pattern: string): boolean {
  return [...DATA_ACTIONS, ...CREDENTIAL_ACTIONS].some((action) => globMatches(pattern, action));
}

function lowest(tiers: readonly PrivilegeTier[]): PrivilegeTier {
  return [...tiers].sort((a, b) => a - b)[0] ?? 4;
}

/** A true fact is certain, whatever else is unknown. A false fact is certain only if nothing is unknown. */
function truth<N extends string>(name: N, value: boolean, unknown: boolean): { [K in N]?: boolean } {
  return (value || !unknown ? { [name]: value } : {}) as { [K in N]?: boolean };
}

function listed<N extends string>(
  name: N,
  values: readonly string[],
  unknown: boolean,
): { [K in N]?: readonly string[] } {
  return (values.length > 0 || !unknown ? { [name]: values } : {}) as { [K in N]?: readonly string[] };
}
