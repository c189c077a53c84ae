import { ABILITIES, type Ability, HARMLESS } from './abilities.ts';
import { allows, type RbacRule } from './rule.ts';

/** One action of an ability that a rule gives, for all objects or for named ones. */
export interface Hit {
  readonly ability: Ability;
  /** Verb and resource, as kubectl writes them. */
  readonly action: string;
  /** Absent: all objects. */
  readonly names?: readonly string[];
}

/** What a rule gives, wherever it holds. */
export interface RuleHits {
  readonly hits: readonly Hit[];
  /** Everything: all verbs on all resources of all groups. */
  readonly everything: boolean;
  /** API groups in which it gives everything. The core group is called `core`. */
  readonly wildcardGroups: readonly string[];
  readonly writes: 'nothing' | 'harmless' | 'some' | 'kind';
  readonly reads: boolean;
}

const WRITE_VERBS = new Set(['create', 'update', 'patch', 'delete', 'deletecollection', '*']);
/** Paths of the server that everybody may read. */
const PUBLIC_PATHS = /^\/(?:api|apis|healthz|livez|readyz|openapi|version)(?:[/*]|$)/;

/** Compares a rule with all abilities. */
export function hitsOf(rule: RbacRule): RuleHits {
  const named = rule.resourceNames.length > 0;
  const allVerbs = rule.verbs.includes('*');
  const all = allVerbs && rule.resources.includes('*') && !named;
  return {
    hits: ABILITIES.flatMap((ability) => hitsOfAbility(rule, ability)),
    everything: all && rule.apiGroups.includes('*'),
    wildcardGroups: all ? rule.apiGroups.filter((group) => group !== '*').map((group) => group || 'core') : [],
    writes: writesOf(rule, named),
    reads: rule.resources.length > 0 || rule.nonResourceURLs.some((path) => !PUBLIC_PATHS.test(path)),
  };
}

function hitsOfAbility(rule: RbacRule, ability: Ability): Hit[] {
  const { decisive = [] } = ability;
  const names = rule.resourceNames.some((name) => decisive.includes(name)) ? [] : rule.resourceNames;
  if (ability.namedOnly === true && (rule.resourceNames.length === 0 || names.length > 0)) return [];
  return ability.resources.flatMap((resource) =>
    ability.verbs
      .filter((verb) => allows(rule, verb, ability.group, resource))
      .map((verb) => ({ ability, action: `${verb} ${resource}`, ...(names.length === 0 ? {} : { names }) })),
  );
}

/** Whether a rule writes to nothing, to what harms nobody, to some objects, or to every object of a kind. */
function writesOf(rule: RbacRule, named: boolean): RuleHits['writes'] {
  if (!rule.verbs.some((verb) => WRITE_VERBS.has(verb)) || rule.resources.length === 0) return 'nothing';
  const kinds = rule.apiGroups.flatMap((group) => rule.resources.map((resource) => ({ group, resource })));
  const harmful = kinds.filter(({ group, resource }) => !HARMLESS.has(`${group}/${resource}`));
  if (harmful.length === 0) return kinds.length === 0 ? 'nothing' : 'harmless';
  return !named && harmful.some(({ group, resource }) => isOwnGroup(group) && !resource.includes('/'))
    ? 'kind'
    : 'some';
}

/** True for the API groups of Kubernetes itself. Others belong to an operator. */
export function isOwnGroup(group: string): boolean {
  return group === '' || !group.includes('.') || group.endsWith('.k8s.io');
}
