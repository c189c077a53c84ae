import { brotliDecompressSync } from 'node:zlib';
import { BUILT_IN_ROWS } from './built-in.generated.ts';
import type { RbacRule } from './rule.ts';

type RuleRow = readonly [
  verbs: readonly string[],
  apiGroups: readonly string[],
  resources: readonly string[],
  resourceNames: readonly string[],
  nonResourceURLs: readonly string[],
];

/** A role of the table. The namespace of a cluster role is empty; labels and selectors have the value `true`. */
export type BuiltInRoleRow = readonly [
  name: string,
  namespace: string,
  labels: readonly string[],
  selectors: readonly string[],
  rules: readonly RuleRow[],
];

/** A binding of the table. A subject is its kind, a blank, its namespace, a colon and its name. */
export type BuiltInBindingRow = readonly [name: string, namespace: string, role: string, subjects: readonly string[]];

/** A role that aggregation can take in, or that takes in others. */
export interface RoleDefinition {
  readonly name: string;
  readonly rules: readonly RbacRule[];
  /** False: some of its rules could not be read. */
  readonly complete: boolean;
  readonly labels: Readonly<Record<string, string>>;
  /** Absent: it aggregates nothing. */
  readonly selectors?: readonly LabelSelector[];
}

/** A selector of labels. `expressions` are as Kubernetes writes them. */
export interface LabelSelector {
  readonly labels: Readonly<Record<string, string>>;
  readonly expressions: readonly LabelExpression[];
}

/** One requirement on a label. An operator beyond the four of Kubernetes selects nothing. */
export interface LabelExpression {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}

/** Roles and bindings that every cluster has. */
export interface BuiltIn {
  readonly clusterRoles: ReadonlyMap<string, RoleDefinition>;
  /** By namespace, a slash and the name. */
  readonly roles: ReadonlyMap<string, RoleDefinition>;
  /** Subjects of the bindings that every cluster has. By namespace, a slash and the name. */
  readonly bindings: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Reads the table. It takes some milliseconds: do it once for a scan. */
export function readBuiltIn(): BuiltIn {
  const clusterRoles = new Map<string, RoleDefinition>();
  const roles = new Map<string, RoleDefinition>();
  const bindings = new Map<string, ReadonlySet<string>>();
  const rows = brotliDecompressSync(Buffer.from(BUILT_IN_ROWS, 'base64')).toString('utf8').split('\n');
  for (const text of rows) {
    const row: BuiltInRoleRow | BuiltInBindingRow = JSON.parse(text);
    const [name, namespace] = row;
    if (row.length === 4) bindings.set(`${namespace}/${name}`, new Set(row[3]));
    else if (namespace === '') clusterRoles.set(name, toDefinition(row));
    else roles.set(`${namespace}/${name}`, toDefinition(row));
  }
  return { clusterRoles, roles, bindings };
}

function toDefinition([name, , labels, selectors, rules]: BuiltInRoleRow): RoleDefinition {
  const toLabels = (keys: readonly string[]): Record<string, string> =>
    Object.fromEntries(keys.map((key) => [key, 'true']));
  return {
    name,
    complete: true,
    labels: toLabels(labels),
    rules: rules.map(([verbs, apiGroups, resources, resourceNames, nonResourceURLs]) => {
      return { verbs, apiGroups, resources, resourceNames, nonResourceURLs };
    }),
    ...(selectors.length === 0
      ? {}
      : { selectors: selectors.map((key) => ({ labels: toLabels([key]), expressions: [] })) }),
  };
}
