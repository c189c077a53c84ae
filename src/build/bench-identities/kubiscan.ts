import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { UsageError } from '../../model/errors.ts';
import { fieldOf, recordOf } from './json.ts';
import type { BowerbirdReport, Comparison, Pair, Specialist, Surroundings } from './model.ts';

const FILE = 'risky_roles.yaml';
const ROLES = { title: 'roles that nothing binds', least: 41 };
const SUBJECTS = { title: 'users, groups and service accounts with such a role', least: 123 };
const KINDS = ['User', 'Group', 'ServiceAccount'];
const ADMINISTRATOR = 'kubernetes-cluster-admin';
const CONTENT = [
  ADMINISTRATOR,
  'kubernetes-change-permissions',
  'kubernetes-create-workloads',
  'kubernetes-escalation-verbs',
  'kubernetes-exec-pods',
  'kubernetes-nodes-proxy',
  'kubernetes-reads-secrets',
];

/** Lists risky roles; whoever has the rules of one of them is risky. */
export const kubiscan: Specialist = {
  name: 'kubiscan',
  version: 'the newest of its repository',
  setup: `The folder is a copy of the repository cyberark/KubiScan with ${FILE}`,
  // All its roles are for every API group, which alone is a wildcard: that rule only counts for every resource.
  checks: { 'named resources': CONTENT, 'every resource': [...CONTENT, 'kubernetes-wildcard-permissions'] },
  leftOut: [{ check: 'the kind of a role', reason: 'it compares rules only, so each is tried as a ClusterRole' }],
  explain: () => undefined,
  compare,
};

interface RiskyRole {
  readonly name: string;
  readonly check: string;
  readonly rules: unknown;
}

async function compare({ folder, scratch, scan }: Surroundings): Promise<readonly Comparison[]> {
  const file = join(folder, FILE);
  if (!existsSync(file)) throw new UsageError(`${file} does not exist. ${kubiscan.setup}.`);
  const roles = readRoles(readFileSync(file, 'utf8'));
  const work = join(scratch, 'manifests');
  mkdirSync(work);
  writeFileSync(
    join(work, 'roles.json'),
    JSON.stringify({ kind: 'List', apiVersion: 'v1', items: manifestsOf(roles) }),
  );
  const rules = rulesByPlace(await scan(work));
  const isFound = ({ check, place }: Pair): boolean =>
    (kubiscan.checks[check] ?? []).some((rule) => rules.get(place)?.has(rule) === true);
  const scoped = [
    { scope: ROLES, expected: roles.map(({ name, check }) => ({ input: FILE, check, place: `role/${name}` })) },
    {
      scope: SUBJECTS,
      expected: roles.flatMap(({ name, check }) =>
        KINDS.map((kind) => ({ input: FILE, check, place: placeOf(kind, name) })),
      ),
    },
  ];
  return scoped.map(({ scope, expected }) => ({ scope, expected, found: expected.filter(isFound) }));
}

/** The file is no YAML as a whole: some of its items are indented by two blanks more than the others. */
function readRoles(text: string): RiskyRole[] {
  const items = text.split(/^[ ]*- kind: Role[ \t]*$/m).slice(1);
  return items.map((item, index) => {
    const role = recordOf(parse(item));
    const everything = JSON.stringify(role['rules']).includes('"resources":["*"]');
    const name = `${String(fieldOf(role, 'metadata')['name'])}-${index}`;
    return { name, check: everything ? 'every resource' : 'named resources', rules: role['rules'] };
  });
}

/** Each role once without a binding, and once for each kind of subject. */
function manifestsOf(roles: readonly RiskyRole[]): unknown[] {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const toRole = (name: string, rules: unknown) => ({ apiVersion, kind: 'ClusterRole', metadata: { name }, rules });
  return roles.flatMap(({ name, rules }) => [
    toRole(name, rules),
    ...KINDS.flatMap((kind) => {
      const bound = `${name}-${kind.toLowerCase()}`;
      const subject = { kind, name, ...(kind === 'ServiceAccount' ? { namespace: 'risky' } : {}) };
      const roleRef = { kind: 'ClusterRole', name: bound };
      const binding = {
        apiVersion,
        kind: 'ClusterRoleBinding',
        metadata: { name: bound },
        roleRef,
        subjects: [subject],
      };
      return [toRole(bound, rules), binding];
    }),
  ]);
}

/** The end of the id of an identity. */
function placeOf(kind: string, name: string): string {
  return kind === 'ServiceAccount' ? name : `${kind.toLowerCase()}/${name}`;
}

function rulesByPlace({ findings }: BowerbirdReport): ReadonlyMap<string, ReadonlySet<string>> {
  const rules = new Map<string, Set<string>>();
  for (const { identityId, ruleId } of findings) {
    const place = identityId.slice(identityId.lastIndexOf(':') + 1);
    rules.set(place, (rules.get(place) ?? new Set()).add(ruleId));
  }
  return rules;
}
