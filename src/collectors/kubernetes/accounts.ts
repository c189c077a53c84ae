import type { PrivilegeTier } from '../../model/identity.ts';
import { addKey, type Draft, type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { asList, asObject, asText } from '../shared/loose.ts';
import { accountId, type Manifest } from './manifest.ts';
import { factsOf, findRules, grantsOf, type RoleRule } from './roles.ts';

/** Annotations that let a service account act in a cloud, and the join key for their value. */
const CLOUD_ANNOTATIONS: readonly (readonly [annotation: string, keyKind: string])[] = [
  ['eks.amazonaws.com/role-arn', 'aws-arn'],
  ['iam.gke.io/gcp-service-account', 'gcp-service-account'],
  ['azure.workload.identity/client-id', 'azure-client-id'],
];

/** Adds service accounts, declared or only bound, with the grants of all their bindings. */
export function addAccounts(drafts: Drafts, manifests: readonly Manifest[]): void {
  for (const manifest of manifests) if (manifest.kind === 'ServiceAccount') addDeclared(drafts, manifest);
  const bound = new Map<Draft, Bound>();
  for (const manifest of manifests) {
    if (manifest.kind === 'RoleBinding' || manifest.kind === 'ClusterRoleBinding') {
      bind(drafts, manifests, manifest, bound);
    }
  }
  for (const [draft, rules] of bound) applyRules(draft, rules);
}

interface Bound {
  readonly rules: RoleRule[];
  /** False if a role is bound that no file defines. Then the grants are not known completely. */
  whole: boolean;
}

function addDeclared(drafts: Drafts, manifest: Manifest): void {
  const draft = draftAccount(drafts, manifest, manifest.namespace, manifest.name);
  const automount = manifest.body['automountServiceAccountToken'];
  setFacts(draft, { automountToken: automount !== false }, manifest.evidence.source);
  const annotations = asObject(asObject(manifest.body['metadata'])['annotations']);
  for (const [annotation, kind] of CLOUD_ANNOTATIONS) {
    const value = asText(annotations[annotation]);
    if (value !== undefined) drafts.edge(draft.id, 'can-assume', { kind, value }, manifest.evidence);
  }
}

function draftAccount(drafts: Drafts, manifest: Manifest, namespace: string, name: string): Draft {
  const { repository, evidence } = manifest;
  const id = accountId(repository, namespace, name);
  const draft = drafts.identity(
    { id, type: 'k8s_service_account', provider: 'kubernetes', name: `${namespace}/${name}`, account: repository },
    evidence,
  );
  addKey(draft, 'kubernetes-service-account', `${namespace}:${name}`);
  setFacts(draft, { isDefault: name === 'default', authMethod: 'federated_oidc' }, evidence.source);
  return draft;
}

function bind(drafts: Drafts, manifests: readonly Manifest[], binding: Manifest, bound: Map<Draft, Bound>): void {
  const role = asObject(binding.body['roleRef']);
  const where = binding.kind === 'ClusterRoleBinding' ? '*' : binding.namespace;
  const rules = findRules(manifests, asText(role['kind']) ?? '', asText(role['name']) ?? '', where);
  for (const value of asList(binding.body['subjects'])) {
    const draft = draftSubject(drafts, binding, asObject(value));
    if (draft === undefined) continue;
    const sum = bound.get(draft) ?? { rules: [], whole: true };
    bound.set(draft, sum);
    sum.rules.push(...(rules ?? []));
    sum.whole &&= rules !== undefined;
    draft.grants.push(...grantsOf(rules ?? [], binding.evidence.source, binding.evidence.location));
  }
}

/**
 * Makes the draft of a service account, or of one of the groups that stand for everybody. Users and other groups are
 * people.
 */
function draftSubject(
  drafts: Drafts,
  binding: Manifest,
  subject: Readonly<Record<string, unknown>>,
): Draft | undefined {
  const kind = asText(subject['kind']);
  const name = asText(subject['name']) ?? '';
  if (kind === 'ServiceAccount') {
    return draftAccount(drafts, binding, asText(subject['namespace']) ?? binding.namespace, name);
  }
  const wide = /^system:(?:anonymous|unauthenticated|authenticated|serviceaccounts(?::.+)?)$/.test(name);
  if (!wide || (kind !== 'Group' && kind !== 'User')) return undefined;
  const { repository, evidence } = binding;
  const id = `kubernetes:${repository}:group:${name}`;
  const draft = drafts.identity(
    { id, type: 'k8s_service_account', provider: 'kubernetes', name, account: repository },
    evidence,
  );
  setFacts(draft, { subjectGroup: name }, evidence.source);
  return draft;
}

function applyRules(draft: Draft, { rules, whole }: Bound): void {
  const source = draft.evidence[0]?.source ?? '';
  const facts = factsOf(rules);
  // A right that is found is certain. A right that is not found is only absent if every role was seen.
  const definedFacts = Object.entries(facts).filter(
    ([, value]) => whole || value === true || (Array.isArray(value) && value.length > 0),
  );
  setFacts(draft, Object.fromEntries(definedFacts), source);
  const tier = Math.min(4, ...draft.grants.map((grant) => grant.tier)) as PrivilegeTier;
  if (whole || tier === 0) setFacts(draft, { privilegeTier: tier }, source);
  if (facts.clusterAdmin || rules.some((rule) => rule.where === '*')) setFacts(draft, { resourceScope: 'all' }, source);
}
