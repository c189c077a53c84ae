import { byId, type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { addDeclared, declaredId } from './iam.ts';
import { listOf, logicalId, mappingOf, plainText, type Template, type TemplateEntry } from './template.ts';

const PER_DAY: Readonly<Record<string, number>> = { hour: 1 / 24, hours: 1 / 24, day: 1, days: 1 };
/** Access policies of EKS that make an administrator of whatever their scope is. */
const ADMINISTRATOR = /:cluster-access-policy\/(?:AmazonEKSClusterAdminPolicy|AmazonEKSAdminPolicy)$/;

/** Reads secrets with their rotation, instance profiles, and who may enter a cluster. */
export function collectSecretsAndAccess(template: Template, drafts: Drafts): void {
  const entries = [...template.resources.values()];
  const rotations = entries.filter(({ type }) => type === 'AWS::SecretsManager::RotationSchedule');
  for (const entry of entries) {
    if (entry.type === 'AWS::SecretsManager::Secret') addSecret(template, drafts, entry, rotations);
    if (entry.type === 'AWS::IAM::InstanceProfile') addProfile(template, drafts, entry);
    if (entry.type === 'AWS::EKS::AccessEntry') addAccess(template, drafts, entry);
    if (entry.type === 'AWS::EKS::PodIdentityAssociation') addAssociation(template, drafts, entry);
  }
}

function addSecret(
  template: Template,
  drafts: Drafts,
  entry: TemplateEntry,
  rotations: readonly TemplateEntry[],
): void {
  const draft = addDeclared(template, drafts, entry, 'aws_secret', plainText(entry.properties['Name']) ?? entry.name);
  const rotation = rotations.find(({ properties }) => logicalId(properties['SecretId']) === entry.name);
  const { source } = entry.evidence;
  setFacts(draft, { storage: 'vault', rotationDeclared: rotation !== undefined }, source);
  if (rotation === undefined) return;
  drafts.identity(draft, rotation.evidence);
  const rules = mappingOf(rotation.properties['RotationRules']);
  const days = Number(rules['AutomaticallyAfterDays']);
  const rate = /^rate\((\d{1,6}) (\w+)\)$/.exec(plainText(rules['ScheduleExpression']) ?? '');
  const perUnit = PER_DAY[rate?.[2] ?? ''];
  const rated = perUnit === undefined ? undefined : Number(rate?.[1]) * perUnit;
  setFacts(draft, { rotation: 'automatic', rotationDays: Number.isFinite(days) ? days : rated }, source);
}

function addProfile(template: Template, drafts: Drafts, entry: TemplateEntry): void {
  const name = plainText(entry.properties['InstanceProfileName']) ?? entry.name;
  const draft = addDeclared(template, drafts, entry, 'aws_instance_profile', name);
  for (const role of listOf(entry.properties['Roles'])) linkRole(template, drafts, draft.id, role, entry, false);
}

function linkRole(
  template: Template,
  drafts: Drafts,
  from: string,
  role: Parameters<typeof logicalId>[0],
  entry: TemplateEntry,
  reversed: boolean,
): void {
  const declared = template.resources.get(logicalId(role) ?? '');
  if (declared?.type !== 'AWS::IAM::Role') return;
  drafts.edge(from, 'uses', byId(declaredId(template, declared.name)), entry.evidence, reversed);
}

function addAccess(template: Template, drafts: Drafts, entry: TemplateEntry): void {
  const { properties, evidence } = entry;
  const arn = plainText(properties['PrincipalArn']);
  const draft = addDeclared(template, drafts, entry, 'eks_access_entry', arn ?? entry.name);
  const policies = listOf(properties['AccessPolicies']).map(mappingOf);
  const isAdministrator = policies.some((policy) => {
    const isWide = mappingOf(policy['AccessScope'])['Type'] === 'cluster';
    return isWide && ADMINISTRATOR.test(plainText(policy['PolicyArn']) ?? '');
  });
  const clusterAdmin = isAdministrator || listOf(properties['KubernetesGroups']).includes('system:masters');
  const names = policies.flatMap((policy) => plainText(policy['PolicyArn'])?.split('/').at(-1) ?? []);
  setFacts(draft, { clusterAdmin, policies: names.length === 0 ? undefined : names }, evidence.source);
  if (arn !== undefined) drafts.edge(draft.id, 'uses', { kind: 'aws-arn', value: arn }, evidence, true);
  linkRole(template, drafts, draft.id, properties['PrincipalArn'], entry, true);
}

function addAssociation(template: Template, drafts: Drafts, { properties, evidence }: TemplateEntry): void {
  const role = template.resources.get(logicalId(properties['RoleArn']) ?? '');
  const namespace = plainText(properties['Namespace']);
  const account = plainText(properties['ServiceAccount']);
  if (role?.type !== 'AWS::IAM::Role' || namespace === undefined || account === undefined) return;
  const key = { kind: 'kubernetes-service-account', value: `${namespace}:${account}` };
  drafts.edge(declaredId(template, role.name), 'can-assume', key, evidence, true);
}
