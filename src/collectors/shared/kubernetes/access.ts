import { defined } from '../../../lib/fields/defined.ts';
import type { Grant, PrivilegeTier } from '../../../model/identity.ts';
import type { Evaluation, Power, PowerFamily } from '../../../permissions/contract.ts';
import { describePlace, type Granted, type RbacEvaluator } from '../../../permissions/kubernetes/evaluate.ts';
import { isOwnGroup } from '../../../permissions/kubernetes/hits.ts';
import type { RbacRule } from '../../../permissions/kubernetes/rule.ts';
import { type Draft, type Facts, setFacts } from '../identity-drafts.ts';

/** Most grants that one identity lists, most reasons, and most actions that a list or a reason names. */
const MOST_GRANTS = 200;
/** Rules of a role that are listed one by one. */
const MOST_LISTED = 12;
const MOST_REASONS = 10;
const MOST_ACTIONS = 100;
const MOST_NAMED = 6;

/** Families of power, and the attribute that lists the actions of each. */
const LISTS: readonly (readonly [family: PowerFamily, attribute: string])[] = [
  ['escalation', 'escalationActions'],
  ['credential-exposure', 'credentialActions'],
  ['data-exfiltration', 'dataActions'],
  ['permission-management', 'permissionActions'],
  ['lateral-movement', 'lateralActions'],
  ['service-wildcard', 'wildcardServices'],
];
const ESCALATION_VERBS = new Set(['escalate', 'bind', 'impersonate']);
const READS_SECRETS = new Set(['get secrets', 'list secrets', 'watch secrets']);

/** Sets what roles amount to on an identity, and its grants. */
export function setAccess(draft: Draft, evaluator: RbacEvaluator, granted: readonly Granted[], source: string): void {
  const evaluation = evaluator.evaluate(granted);
  setFacts(draft, factsOf(evaluation, granted), source);
  setFacts(draft, tierFacts(evaluation, granted), source);
  for (const role of granted) addGrants(draft, evaluator, role);
}

/** A grant for each rule of a short role, one for all of a long one. */
function addGrants(draft: Draft, evaluator: RbacEvaluator, { role, where, source: from }: Granted): void {
  const grants =
    role.rules.length > MOST_LISTED
      ? [toGrant(`${role.rules.length} rules of ${from.policy}`, role.rules, where, from, evaluator)]
      : role.rules.map((rule) => toGrant(describeRule(rule), [rule], where, from, evaluator));
  for (const grant of grants) {
    if (draft.grants.length < MOST_GRANTS) draft.grants.push(grant);
    else draft.moreGrants += 1;
  }
}

function toGrant(
  permission: string,
  rules: readonly RbacRule[],
  where: string,
  { source, location }: Granted['source'],
  evaluator: RbacEvaluator,
): Grant {
  const tier = Math.min(4, ...rules.map((rule) => evaluator.tierOf(rule, where))) as PrivilegeTier;
  return { permission, resource: describePlace(where), tier, source, ...defined({ location }) };
}

function describeRule({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: RbacRule): string {
  if (resources.length === 0) return `${verbs.join(',')} ${nonResourceURLs.join(',')}`;
  const foreign = apiGroups.filter((group) => group !== '*' && !isOwnGroup(group));
  const names = resourceNames.length === 0 ? '' : ` [${resourceNames.join(', ')}]`;
  const groups = foreign.length === 0 ? '' : ` of ${foreign.join(',')}`;
  return `${verbs.join(',')} ${resources.join(',')}${groups}${names}`;
}

/** A right that was found is certain. One that was not found is absent only if every role was read. */
function factsOf({ powers, complete }: Evaluation, granted: readonly Granted[]): Facts {
  const facts: Record<string, boolean | readonly string[] | undefined> = {};
  const set = (name: string, value: boolean | readonly string[]): void => {
    const given = typeof value === 'boolean' ? value : value.length > 0;
    if (given || complete) facts[name] = typeof value === 'boolean' ? value : value.slice(0, MOST_ACTIONS);
  };
  for (const [family, attribute] of LISTS) set(attribute, actionsOf(powers, family));
  const escalation = actionsOf(powers, 'escalation').filter((action) => !action.includes('['));
  const credentials = actionsOf(powers, 'credential-exposure');
  const verbs = escalation
    .map((action) => action.slice(0, action.indexOf(' ')))
    .filter((verb) => ESCALATION_VERBS.has(verb));
  const mints = credentials.filter((action) => action === 'create serviceaccounts/token');
  set('escalationVerbs', [...new Set([...verbs, ...mints])].sort());
  set(
    'clusterAdmin',
    powers.some((power) => power.family === 'administrator' && power.everywhere),
  );
  set(
    'readsSecrets',
    credentials.some((action) => READS_SECRETS.has(action)),
  );
  const own = granted.flatMap(({ role }) => role.rules.filter(isOwn));
  set(
    'wildcardVerbs',
    own.some((rule) => rule.verbs.includes('*')),
  );
  set(
    'wildcardResources',
    own.some((rule) => rule.resources.includes('*')),
  );
  set(
    'wildcardGroups',
    own.some((rule) => rule.apiGroups.includes('*')),
  );
  return facts;
}

/** A rule on resources of Kubernetes itself. An operator may do what it likes with its own. */
function isOwn({ resources, apiGroups }: RbacRule): boolean {
  return resources.length > 0 && apiGroups.some((group) => group === '*' || isOwnGroup(group));
}

function actionsOf(powers: readonly Power[], family: PowerFamily): readonly string[] {
  return [...new Set(powers.filter((power) => power.family === family).flatMap((power) => power.actions))].sort();
}

function tierFacts({ powers, complete, tier }: Evaluation, granted: readonly Granted[]): Facts {
  const strong = powers.filter((power) => power.tier <= 2);
  const reasons = [...new Set(strong.map(describePower))].slice(0, MOST_REASONS);
  const all = granted.some(({ where, role }) => where === '*' && role.rules.length > 0);
  return {
    privilegeTier: tier,
    tierReasons: reasons.length > 0 || complete ? reasons : undefined,
    resourceScope: all ? 'all' : complete && granted.length > 0 ? 'selected' : undefined,
  };
}

function describePower({ actions, resource, source: { policy, source, location } }: Power): string {
  const more = actions.length > MOST_NAMED ? ` and ${actions.length - MOST_NAMED} more` : '';
  const place = location?.startLine === undefined ? source : `${location.path}:${location.startLine}`;
  return `${actions.slice(0, MOST_NAMED).join(', ')}${more} on ${resource} (${policy}, ${place})`;
}
