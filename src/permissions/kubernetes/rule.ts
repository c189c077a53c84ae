/** One rule of a role, as RBAC writes it. RBAC has no deny and no conditions, so nothing is lost by this form. */
export interface RbacRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  /** Empty: all objects. */
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

/** The rules of a role, and whether that is all of them. */
export interface RoleRules {
  readonly rules: readonly RbacRule[];
  /** False: a part of the role, or of a role that it takes in, was not read. */
  readonly complete: boolean;
}

/** Where a rule holds: in the whole cluster, or in one namespace. A namespace that nobody names is an empty text. */
export type Place = '*' | (string & {});

const NAMELESS = new Set(['create', 'deletecollection']);

/**
 * True if a rule allows a verb on a resource, of all or of named objects. A resource is `pods` or `pods/exec`. The
 * server compares as follows: `*` stands for everything, `*` followed by a slash and a subresource for that subresource
 * of everything; there is no other wildcard.
 */
export function allows(rule: RbacRule, verb: string, group: string, resource: string): boolean {
  if (!has(rule.verbs, verb) || !has(rule.apiGroups, group) || !covers(rule.resources, resource)) return false;
  // A request to make an object names none, so a list of names never fits it.
  return rule.resourceNames.length === 0 || !NAMELESS.has(verb) || resource.includes('/');
}

function has(list: readonly string[], value: string): boolean {
  return list.includes(value) || list.includes('*');
}

function covers(resources: readonly string[], resource: string): boolean {
  if (has(resources, resource)) return true;
  const slash = resource.indexOf('/');
  return slash > 0 && resources.includes(`*${resource.slice(slash)}`);
}
