import { type AttachedPolicy, analysePermissions, type Boundary } from '../../permissions/aws/analyse.ts';
import { isUnknown, readPolicyDocument } from '../../permissions/aws/document.ts';
import { analyseTrust } from '../../permissions/aws/trust.ts';
import { addAssumeEdges, addOwners, addPermissions, addTagFacts, addTrust } from '../shared/aws-principal.ts';
import { addKey, byId, type Draft, type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { asText } from '../shared/loose.ts';
import {
  documentPolicy,
  type GivenPolicy,
  isInline,
  managedPolicy,
  NAMES,
  type NamedHolder,
  namesOf,
  readAttachments,
} from './attachments.ts';
import { listOf, logicalId, mappingOf, plainText, type Template, type TemplateEntry } from './template.ts';

/** Types of identity by type of resource. */
export const PRINCIPAL_TYPES: ReadonlyMap<string, string> = new Map([
  ['AWS::IAM::User', 'iam_user'],
  ['AWS::IAM::Role', 'iam_role'],
  ['AWS::IAM::Group', 'iam_group'],
  ['AWS::IAM::ManagedPolicy', 'iam_policy'],
  ['AWS::IAM::Policy', 'iam_policy'],
  ['AWS::IAM::UserPolicy', 'iam_policy'],
  ['AWS::IAM::RolePolicy', 'iam_policy'],
  ['AWS::IAM::GroupPolicy', 'iam_policy'],
  ['AWS::IAM::OIDCProvider', 'oidc_provider'],
]);
const SECRET_NAME = /passw(?:or)?d|secret|token|api_?key|private_?key|credential/i;
/** Names of what is about a secret: another stack, a length, a name, a rule. */
const ABOUT = /Stack(?:Name)?$|(?:Length|Age|Arn|ARN|Name|Prevention|Policy|Rotation|Enabled|Days|Expiry|Expiration)$/;
const SECRET_REFERENCE = /\{\{resolve:(?:secretsmanager|ssm-secure):/;

/** Reads the `AWS::IAM::*` resources of a template. */
export function collectIam(template: Template, drafts: Drafts): void {
  const attached = readAttachments(template);
  const entries = [...template.resources.values()];
  const places = new Set([...attached.policies.values()].flatMap((policies) => policies.map(({ place }) => place)));
  for (const entry of entries.filter((candidate) => PRINCIPAL_TYPES.has(candidate.type))) {
    // What somebody has is told there.
    const isHeld = isInline(entry) && places.has(entry.evidence);
    if (!isHeld) addEntry(template, drafts, entry, attached.policies.get(entry.name) ?? []);
  }
  for (const [key, holder] of attached.named) addNamed(template, drafts, key, holder, attached.policies.get(key) ?? []);
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

function addEntry(template: Template, drafts: Drafts, entry: TemplateEntry, attached: readonly GivenPolicy[]): void {
  const type = PRINCIPAL_TYPES.get(entry.type) ?? 'iam_policy';
  const named = NAMES.map((name) => plainText(entry.properties[name])).find((name) => name !== undefined);
  const draft = addDeclared(template, drafts, entry, type, named ?? entry.name);
  const { properties, evidence } = entry;
  if (type === 'oidc_provider') addProvider(draft, entry);
  else if (type === 'iam_policy') addPermissions(draft, analysePermissions([documentPolicy(entry)]), evidence.source);
  else judge(template, drafts, draft, entry, attached);
  addPlaces(drafts, draft, attached);
  if (type === 'iam_role') addRoleTrust(template, drafts, draft, entry);
  if (type === 'iam_user' || type === 'iam_role') addLimits(draft, entry);
  if (type !== 'iam_user') return;
  const login = 'LoginProfile' in properties ? true : undefined;
  setFacts(draft, { consoleAccess: login, directPolicies: directOf(attached) }, evidence.source);
}

/** Policies that a user has itself, not from a group. */
function directOf(policies: readonly GivenPolicy[]): string[] | undefined {
  const direct = policies.filter(({ group }) => group === undefined).map(({ name }) => name);
  return direct.length === 0 ? undefined : [...new Set(direct)].sort();
}

/** Who is only named: what else it may do is declared elsewhere. */
function addNamed(
  template: Template,
  drafts: Drafts,
  key: string,
  { type, name }: NamedHolder,
  policies: readonly GivenPolicy[],
): void {
  const first = policies.find(isPowerful) ?? policies[0];
  if (first === undefined) return;
  const entry: TemplateEntry = { name: key, type: '', properties: {}, evidence: first.place };
  const draft = addDeclared(template, drafts, entry, type, name);
  addPlaces(drafts, draft, policies);
  const elsewhere: AttachedPolicy = { name: 'policies that are declared elsewhere', source: '' };
  addPermissions(draft, analysePermissions([elsewhere, ...policies]), first.place.source);
  if (type === 'iam_user') setFacts(draft, { directPolicies: directOf(policies) }, first.place.source);
}

function addPlaces(drafts: Drafts, draft: Draft, policies: readonly GivenPolicy[]): void {
  for (const { place } of policies.filter(isPowerful)) drafts.detail(draft, place);
}

/** What limits a principal beside its policies. The default of AWS is a session of one hour. */
function addLimits(draft: Draft, { type, properties, evidence }: TemplateEntry): void {
  const boundary = properties['PermissionsBoundary'];
  const permissionsBoundary = boundary === undefined ? false : isUnknown(boundary) ? undefined : boundary !== null;
  const seconds = properties['MaxSessionDuration'] === undefined ? 3600 : Number(properties['MaxSessionDuration']);
  const maxSessionHours = type === 'AWS::IAM::Role' && seconds > 0 ? seconds / 3600 : undefined;
  setFacts(draft, { permissionsBoundary, maxSessionHours }, evidence.source);
}

/** What gives nothing much is no place of what the holder may do. */
function isPowerful(policy: GivenPolicy): boolean {
  const tier = policy.group === undefined ? analysePermissions([policy]).privilegeTier : undefined;
  return tier !== undefined && tier <= 1;
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
  const name = logicalId(user) ?? namesOf(template).get(`iam_user:${asText(user) ?? ''}`);
  const owner = template.resources.get(name ?? '');
  if (owner?.type !== 'AWS::IAM::User') return;
  const id = declaredId(template, owner.name);
  drafts.edge(id, 'has-credential', byId(draft.id), entry.evidence);
  const ownerDraft = drafts.identity({ id, type: 'iam_user', provider: 'aws', name: owner.name }, owner.evidence);
  const known = ownerDraft.attributes.get('activeKeys')?.value;
  const active = status === 'inactive' ? undefined : (typeof known === 'number' ? known : 0) + 1;
  setFacts(ownerDraft, { accessKeyDeclared: true }, entry.evidence.source);
  // There may be more, made by hand.
  setFacts(ownerDraft, { activeKeys: active }, entry.evidence.source, 'approximate');
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
  const { Type: type, Default: preset, NoEcho: hidden, AllowedValues: choices } = entry.properties;
  const hides = hidden === true || hidden === 'true' || hidden === 'TRUE';
  if (!SECRET_NAME.test(entry.name) || (typeof type === 'string' && type.startsWith('AWS::'))) return;
  // Nobody lists the secrets that may be chosen: it is a switch.
  if (!hides && (type === 'Number' || Array.isArray(choices) || ABOUT.test(entry.name))) return;
  const draft = addDeclared(template, drafts, entry, 'template_parameter', entry.name);
  const literal = typeof preset === 'string' && preset !== '' && !SECRET_REFERENCE.test(preset);
  const facts = { noEcho: hides, literalDefault: literal };
  setFacts(draft, facts, entry.evidence.source);
}
