import { defined } from '../../lib/fields/defined.ts';
import { type AttachedPolicy, analysePermissions, type Boundary } from '../../permissions/aws/analyse.ts';
import { isUnknown, type PolicyValue, readPolicyDocument } from '../../permissions/aws/document.ts';
import { managedPolicyDocument, managedPolicyName } from '../../permissions/aws/managed.ts';
import { analyseTrust } from '../../permissions/aws/trust.ts';
import { addAssumeEdges, addOwners, addPermissions, addTagFacts, addTrust } from '../shared/aws-principal.ts';
import { addKey, byId, type Draft, type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { asText } from '../shared/loose.ts';
import { listOf, logicalId, mappingOf, plainText, type Template, type TemplateEntry } from './template.ts';

const PRINCIPALS = ['AWS::IAM::User', 'AWS::IAM::Role', 'AWS::IAM::Group'];
const PRINCIPAL_TYPES: ReadonlyMap<string, string> = new Map([
  ['AWS::IAM::User', 'iam_user'],
  ['AWS::IAM::Role', 'iam_role'],
  ['AWS::IAM::ManagedPolicy', 'iam_policy'],
  ['AWS::IAM::OIDCProvider', 'oidc_provider'],
]);
const NAMES = ['UserName', 'RoleName', 'GroupName', 'ManagedPolicyName'];
const SECRET_NAME = /passw(?:or)?d|secret|token|api_?key|private_?key|credential/i;
const SECRET_REFERENCE = /\{\{resolve:(?:secretsmanager|ssm-secure):/;

/** Reads the `AWS::IAM::*` resources of a template. */
export function collectIam(template: Template, drafts: Drafts): void {
  const attached = readAttachments(template);
  const entries = [...template.resources.values()];
  for (const entry of entries.filter((candidate) => PRINCIPAL_TYPES.has(candidate.type)))
    addEntry(template, drafts, entry, attached);
  for (const entry of entries.filter((candidate) => candidate.type === 'AWS::IAM::AccessKey'))
    addAccessKey(template, drafts, entry);
  for (const parameter of template.parameters) addParameter(template, drafts, parameter);
}

/** Id of what a template declares under a logical id. */
export function declaredId(template: Template, name: string): string {
  return `cloudformation:${template.repository}:${template.origin.path}#${name}`;
}

/** A draft with the edge from the repository that declares it. */
export function addDeclared(
  template: Template,
  drafts: Drafts,
  entry: TemplateEntry,
  type: string,
  name: string,
): Draft {
  const head = { id: declaredId(template, entry.name), type, provider: 'aws', name };
  const draft = drafts.identity(head, entry.evidence);
  const repository = { kind: 'repository', value: template.repository.toLowerCase() };
  drafts.edge(draft.id, 'declares', repository, entry.evidence, true);
  addOwners(drafts, draft, tagsOf(entry), entry.evidence);
  addTagFacts(draft, tagsOf(entry), entry.evidence.source);
  return draft;
}

/** Tags are a list of `{Key, Value}`, in SAM a mapping. */
function tagsOf(entry: TemplateEntry): Readonly<Record<string, string>> {
  const tags = entry.properties['Tags'];
  const pairs = Array.isArray(tags)
    ? listOf(tags).map((tag) => [mappingOf(tag)['Key'], mappingOf(tag)['Value']] as const)
    : Object.entries(mappingOf(tags));
  return Object.fromEntries(
    pairs.filter(
      (pair): pair is readonly [string, string] => typeof pair[0] === 'string' && typeof pair[1] === 'string',
    ),
  );
}

function addEntry(template: Template, drafts: Drafts, entry: TemplateEntry, attached: Attachments): void {
  const type = PRINCIPAL_TYPES.get(entry.type) ?? 'iam_policy';
  const named = NAMES.map((name) => plainText(entry.properties[name])).find((name) => name !== undefined);
  const draft = addDeclared(template, drafts, entry, type, named ?? entry.name);
  const { properties, evidence } = entry;
  if (type === 'oidc_provider') addProvider(draft, entry);
  else if (type === 'iam_policy') addPermissions(draft, analysePermissions([documentPolicy(entry)]), evidence.source);
  else judge(template, drafts, draft, entry, attached.get(entry.name) ?? []);
  if (type === 'iam_role') addRoleTrust(template, drafts, draft, entry);
  const login = 'LoginProfile' in properties ? true : undefined;
  if (type === 'iam_user') setFacts(draft, { consoleAccess: login }, evidence.source);
}

function addProvider(draft: Draft, entry: TemplateEntry): void {
  const url = plainText(entry.properties['Url']);
  const issuer = url === undefined ? undefined : `https://${url.replace(/^https:\/\//, '')}`;
  const audiences = listOf(entry.properties['ClientIdList']).map(plainText);
  const allAudiences = audiences.every((audience) => audience !== undefined) ? audiences : undefined;
  setFacts(draft, { issuer, audiences: allAudiences, authMethod: 'federated_oidc' }, entry.evidence.source);
  addKey(draft, 'jwt-issuer', issuer);
}

/** Adds permission facts if any policy is known. */
export function judge(
  template: Template,
  drafts: Drafts,
  draft: Draft,
  entry: TemplateEntry,
  policies: readonly AttachedPolicy[],
): void {
  if (policies.length === 0) return;
  const facts = analysePermissions(policies, boundaryOf(template, entry));
  addPermissions(draft, facts, entry.evidence.source);
  addAssumeEdges(drafts, draft, facts, entry.evidence);
  for (const role of facts.assumable) linkDeclared(template, drafts, draft, role, entry, false);
}

function addRoleTrust(template: Template, drafts: Drafts, draft: Draft, entry: TemplateEntry): void {
  const document = readPolicyDocument(entry.properties['AssumeRolePolicyDocument'], entry.evidence.location);
  const trust = analyseTrust(document, []);
  addTrust(drafts, draft, trust, entry.evidence.source, entry.evidence);
  if (trust.trustsExternalAccounts !== undefined && trust.trustsExternalAccounts.length > 0) {
    // A template does not know its own account. So a literal account id is probably foreign, but not certainly.
    setFacts(draft, { trustsExternalAccounts: trust.trustsExternalAccounts }, entry.evidence.source, 'approximate');
  }
  for (const principal of trust.principals) linkDeclared(template, drafts, draft, principal, entry, true);
}

function linkDeclared(
  template: Template,
  drafts: Drafts,
  draft: Draft,
  text: string,
  entry: TemplateEntry,
  reversed: boolean,
): void {
  const other = template.resources.get(logicalId(text) ?? '');
  if (other === undefined || !PRINCIPAL_TYPES.has(other.type)) return;
  const kind = other.type === 'AWS::IAM::OIDCProvider' ? 'trusted-by' : 'can-assume';
  drafts.edge(draft.id, kind, byId(declaredId(template, other.name)), entry.evidence, reversed);
}

type Attachments = ReadonlyMap<string, readonly AttachedPolicy[]>;

/** Returns policies by the logical id of their user, role or group. Users also have the policies of their groups. */
function readAttachments(template: Template): Attachments {
  const byPrincipal = new Map<string, AttachedPolicy[]>();
  const add = (name: string | undefined, policies: readonly AttachedPolicy[]): void => {
    if (name === undefined) return;
    const list = byPrincipal.get(name) ?? [];
    byPrincipal.set(name, list);
    list.push(...policies);
  };
  const names = namesOf(template);
  const entries = [...template.resources.values()];
  for (const entry of entries) {
    if (PRINCIPALS.includes(entry.type)) add(entry.name, ownPolicies(template, entry));
    if (!/^AWS::IAM::(?:Managed|User|Role|Group)?Policy$/.test(entry.type)) continue;
    for (const target of targetsOf(entry))
      add(logicalId(target) ?? names.get(asText(target) ?? ''), [documentPolicy(entry)]);
  }
  for (const entry of entries.filter((candidate) => candidate.type === 'AWS::IAM::User')) {
    for (const group of listOf(entry.properties['Groups'])) {
      add(entry.name, byPrincipal.get(logicalId(group) ?? names.get(asText(group) ?? '') ?? '') ?? []);
    }
  }
  return byPrincipal;
}

function targetsOf({ properties }: TemplateEntry): readonly PolicyValue[] {
  return ['Users', 'Roles', 'Groups', 'UserName', 'RoleName', 'GroupName'].flatMap((name) => listOf(properties[name]));
}

/** Maps the literal names of principals to their logical ids. */
function namesOf(template: Template): ReadonlyMap<string, string> {
  const pairs: [string, string][] = [];
  for (const entry of template.resources.values()) {
    if (!PRINCIPALS.includes(entry.type)) continue;
    const name = NAMES.map((key) => plainText(entry.properties[key])).find((name) => name !== undefined);
    if (name !== undefined) pairs.push([name, entry.name]);
  }
  return new Map(pairs);
}

function ownPolicies(template: Template, entry: TemplateEntry): AttachedPolicy[] {
  const { source, location } = entry.evidence;
  const inline = listOf(entry.properties['Policies']).map((policy) => {
    const { PolicyName: name, PolicyDocument: data } = mappingOf(policy);
    return { name: plainText(name) ?? 'inline', source, document: readPolicyDocument(data, location) };
  });
  const managed = listOf(entry.properties['ManagedPolicyArns']).map((arn) => managedPolicy(template, arn, source));
  return [...inline, ...managed];
}

/** Returns the policy of an ARN: one that AWS manages, or one of the template. */
export function managedPolicy(template: Template, arn: PolicyValue, source: string): AttachedPolicy {
  const declared = template.resources.get(logicalId(arn) ?? '');
  if (declared?.type === 'AWS::IAM::ManagedPolicy') return documentPolicy(declared);
  if (typeof arn !== 'string') return { name: isUnknown(arn) ? arn.text : 'unknown', source };
  const document = managedPolicyDocument(arn);
  return { name: managedPolicyName(arn) ?? arn, source, ...defined({ document }) };
}

function documentPolicy({ name, properties, evidence }: TemplateEntry): AttachedPolicy {
  const given = plainText(properties['PolicyName']) ?? plainText(properties['ManagedPolicyName']);
  const document = readPolicyDocument(properties['PolicyDocument'], evidence.location);
  return { name: given ?? name, source: evidence.source, document };
}

function boundaryOf(template: Template, entry: TemplateEntry): Boundary | undefined {
  const value = entry.properties['PermissionsBoundary'];
  if (value === undefined || value === null) return undefined;
  return managedPolicy(template, value, entry.evidence.source).document ?? 'unknown';
}

function addAccessKey(template: Template, drafts: Drafts, entry: TemplateEntry): void {
  const draft = addDeclared(template, drafts, entry, 'access_key', entry.name);
  const status = plainText(entry.properties['Status'])?.toLowerCase();
  const facts = {
    authMethod: 'static_secret',
    expiresAt: 'never',
    status: status === 'inactive' ? 'disabled' : status === 'active' ? 'active' : undefined,
    secretInOutputs: isShown(template, entry.name),
  };
  setFacts(draft, facts, entry.evidence.source);
  const user = entry.properties['UserName'];
  const name = logicalId(user) ?? namesOf(template).get(asText(user) ?? '');
  const owner = template.resources.get(name ?? '');
  if (owner?.type !== 'AWS::IAM::User') return;
  const id = declaredId(template, owner.name);
  drafts.edge(id, 'has-credential', byId(draft.id), entry.evidence);
  const ownerDraft = drafts.identity({ id, type: 'iam_user', provider: 'aws', name: owner.name }, owner.evidence);
  setFacts(ownerDraft, { accessKeyDeclared: true }, entry.evidence.source);
}

/** True when an output of the stack shows the secret part of a key. */
function isShown(template: Template, name: string): boolean {
  const outputs = Object.values(mappingOf(template.root['Outputs']));
  return outputs.some((output) => {
    const value = mappingOf(output)['Value'];
    return typeof value === 'string' && value.includes(`\${${name}.SecretAccessKey}`);
  });
}

/** Adds a parameter that takes a secret: whether the console hides it, and whether its default is a literal. */
function addParameter(template: Template, drafts: Drafts, entry: TemplateEntry): void {
  const { Type: type, Default: preset, NoEcho: hidden } = entry.properties;
  if (!SECRET_NAME.test(entry.name) || (typeof type === 'string' && type.startsWith('AWS::'))) return;
  const draft = addDeclared(template, drafts, entry, 'template_parameter', entry.name);
  const literal = typeof preset === 'string' && preset !== '' && !SECRET_REFERENCE.test(preset);
  const facts = { noEcho: hidden === true || hidden === 'true' || hidden === 'TRUE', literalDefault: literal };
  setFacts(draft, facts, entry.evidence.source);
}
