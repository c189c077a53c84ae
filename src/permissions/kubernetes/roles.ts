import type { BuiltIn, LabelExpression, LabelSelector, RoleDefinition } from './built-in.ts';
import type { RbacRule, RoleRules } from './rule.ts';

/** Most rules of an aggregated role that are looked at. */
const MOST_RULES = 20_000;

/** Finds roles by name: those of the input first, then those that every cluster has. */
export interface RoleBook {
  /** Undefined: neither the input nor Kubernetes defines it. */
  clusterRole(name: string): RoleRules | undefined;
  role(namespace: string, name: string): RoleRules | undefined;
}

/** Makes a book of roles. `roles` are keyed by namespace, a slash and the name. */
export function makeRoleBook(
  builtIn: BuiltIn,
  clusterRoles: ReadonlyMap<string, RoleDefinition>,
  roles: ReadonlyMap<string, RoleDefinition>,
): RoleBook {
  const all = new Map([...builtIn.clusterRoles, ...clusterRoles]);
  const labelled = indexLabels(all.values());
  const known = new Map<string, RoleRules>();
  return {
    clusterRole(name) {
      const definition = all.get(name);
      if (definition === undefined) return undefined;
      const rules = known.get(name) ?? aggregate(definition, labelled, [...all.values()]);
      known.set(name, rules);
      return rules;
    },
    role: (namespace, name) => roles.get(`${namespace}/${name}`) ?? builtIn.roles.get(`${namespace}/${name}`),
  };
}

/** Cluster roles by each of their labels, because a cluster may have thousands. */
function indexLabels(roles: Iterable<RoleDefinition>): ReadonlyMap<string, readonly RoleDefinition[]> {
  const index = new Map<string, RoleDefinition[]>();
  for (const role of roles) {
    for (const label of Object.entries(role.labels)) {
      const list = index.get(label.join('='));
      if (list === undefined) index.set(label.join('='), [role]);
      else list.push(role);
    }
  }
  return index;
}

/**
 * The rules of a role with those of all roles that it takes in, and that those take in. A role that takes in itself,
 * over however many others, is read once. A role whose selectors find nothing is incomplete: what it takes in is
 * defined elsewhere.
 */
function aggregate(
  start: RoleDefinition,
  labelled: ReadonlyMap<string, readonly RoleDefinition[]>,
  all: readonly RoleDefinition[],
): RoleRules {
  const rules: RbacRule[] = [];
  const seen = new Set([start.name]);
  const queue = [start];
  let complete = true;
  for (let role = queue.pop(); role !== undefined; role = queue.pop()) {
    complete &&= role.complete && rules.length <= MOST_RULES;
    if (rules.length <= MOST_RULES) rules.push(...role.rules);
    if (role.selectors === undefined) continue;
    const parts = role.selectors.flatMap((selector) => select(selector, labelled, all));
    if (parts.length === 0 && role.rules.length === 0) complete = false;
    for (const part of parts) {
      if (seen.has(part.name)) continue;
      seen.add(part.name);
      queue.push(part);
    }
  }
  return { rules, complete };
}

function select(
  { labels, expressions }: LabelSelector,
  labelled: ReadonlyMap<string, readonly RoleDefinition[]>,
  all: readonly RoleDefinition[],
): readonly RoleDefinition[] {
  const [first] = Object.entries(labels);
  const candidates = first === undefined ? all : (labelled.get(first.join('=')) ?? []);
  return candidates.filter(
    (role) =>
      Object.entries(labels).every(([key, value]) => role.labels[key] === value) &&
      expressions.every((expression) => holds(expression, role.labels[expression.key])),
  );
}

function holds({ operator, values }: LabelExpression, value: string | undefined): boolean {
  if (operator === 'In') return value !== undefined && values.includes(value);
  if (operator === 'NotIn') return value === undefined || !values.includes(value);
  if (operator === 'Exists') return value !== undefined;
  return operator === 'DoesNotExist' && value === undefined;
}
