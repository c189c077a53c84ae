import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { UsageError } from '../../model/errors.ts';
import type { BuiltInBindingRow, BuiltInRoleRow } from '../../permissions/kubernetes/built-in.ts';
import type { Refresh } from './model.ts';

const TESTDATA = 'plugin/pkg/auth/authorizer/rbac/bootstrappolicy/testdata';
const ROLES = ['cluster-roles.yaml', 'controller-roles.yaml', 'namespace-roles.yaml'];
const BINDINGS = ['cluster-role-bindings.yaml', 'controller-role-bindings.yaml', 'namespace-role-bindings.yaml'];

interface RuleObject {
  readonly verbs?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

interface RbacObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly rules?: readonly RuleObject[] | null;
  readonly aggregationRule?: {
    readonly clusterRoleSelectors: readonly { readonly matchLabels: Readonly<Record<string, string>> }[];
  };
  readonly roleRef?: { readonly name: string };
  readonly subjects?: readonly { readonly kind: string; readonly name: string; readonly namespace?: string }[];
}

/** Roles and bindings that a server makes in every cluster. What only a feature gate adds is left out. */
export const KUBERNETES_ROLES: Refresh = {
  flag: 'kubernetes',
  setup: 'folder kubernetes@<version> of the Go module k8s.io/kubernetes, as "go mod download -json" names it',
  file: 'src/permissions/kubernetes/built-in.generated.ts',
  constant: 'BUILT_IN_ROWS',
  about: 'One role or binding of every cluster on each line, as JSON (built-in.ts says what its fields are).',
  read: (folder) => {
    const version = /@(v[\d.]+)[/\\]?$/.exec(folder)?.[1];
    if (version === undefined || !existsSync(join(folder, TESTDATA))) {
      throw new UsageError(`${folder} is not the folder kubernetes@<version> with ${TESTDATA}.`);
    }
    const rows = [...readLists(folder, ROLES).map(toRole), ...readLists(folder, BINDINGS).map(toBinding)];
    const source = `k8s.io/kubernetes ${version} (Apache-2.0)`;
    return { source, rows: rows.map((row) => JSON.stringify(row)) };
  },
};

function readLists(folder: string, names: readonly string[]): readonly RbacObject[] {
  const texts = names.map((name) => readFileSync(join(folder, TESTDATA, name), 'utf8'));
  return texts.flatMap((text) => (parse(text) as { readonly items: readonly RbacObject[] }).items);
}

function toRole({ metadata, rules, aggregationRule }: RbacObject): BuiltInRoleRow {
  const selectors = aggregationRule?.clusterRoleSelectors ?? [];
  return [
    metadata.name,
    metadata.namespace ?? '',
    Object.keys(metadata.labels ?? {}).filter((label) => label !== 'kubernetes.io/bootstrapping'),
    selectors.flatMap(({ matchLabels }) => Object.keys(matchLabels)),
    (rules ?? []).map((rule) => [
      rule.verbs ?? [],
      rule.apiGroups ?? [],
      rule.resources ?? [],
      rule.resourceNames ?? [],
      rule.nonResourceURLs ?? [],
    ]),
  ];
}

function toBinding({ metadata, roleRef, subjects }: RbacObject): BuiltInBindingRow {
  const names = (subjects ?? []).map(({ kind, name, namespace = '' }) => `${kind} ${namespace}:${name}`);
  return [metadata.name, metadata.namespace ?? '', roleRef?.name ?? '', names];
}
