import { type PolicyDocument, readPolicyDocument } from '../../permissions/aws/document.ts';
import { analyseResourcePolicy, functionPolicy, ownAccountsIn } from '../../permissions/aws/resource-policy.ts';
import { byId, type Draft, type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { addDeclared, declaredId, PRINCIPAL_TYPES } from './iam.ts';
import { logicalId, type Template, type TemplateEntry } from './template.ts';

/** The property that holds the policy of a resource, by its type. */
const POLICIES: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::RestApi': 'Policy',
  'AWS::Backup::BackupVault': 'AccessPolicy',
  'AWS::CodeArtifact::Domain': 'PermissionsPolicyDocument',
  'AWS::CodeArtifact::Repository': 'PermissionsPolicyDocument',
  'AWS::ECR::PublicRepository': 'RepositoryPolicyText',
  'AWS::ECR::RegistryPolicy': 'PolicyText',
  'AWS::ECR::Repository': 'RepositoryPolicyText',
  'AWS::EFS::FileSystem': 'FileSystemPolicy',
  'AWS::Elasticsearch::Domain': 'AccessPolicies',
  'AWS::Events::EventBus': 'Policy',
  'AWS::KMS::Key': 'KeyPolicy',
  'AWS::Kinesis::ResourcePolicy': 'ResourcePolicy',
  'AWS::OpenSearchService::Domain': 'AccessPolicies',
  'AWS::S3::BucketPolicy': 'PolicyDocument',
  'AWS::SNS::TopicPolicy': 'PolicyDocument',
  'AWS::SQS::QueuePolicy': 'PolicyDocument',
  'AWS::SecretsManager::ResourcePolicy': 'ResourcePolicy',
};
const PUBLIC_ACL = new Set(['PublicRead', 'PublicReadWrite', 'AuthenticatedRead']);
/** Services of which AWS says that a policy should name the source. */
const NAMES_SOURCE = /^AWS::(?:Lambda|SNS|SQS|S3)::/;

/** Reads who may use a resource, from the policy that the resource itself has. */
export function collectResourcePolicies(template: Template, drafts: Drafts): void {
  for (const entry of template.resources.values()) {
    const { type, properties, evidence } = entry;
    const property = Object.hasOwn(POLICIES, type) ? properties[POLICIES[type] ?? ''] : undefined;
    if (property !== undefined && property !== null) {
      addPolicy(template, drafts, entry, readPolicyDocument(property, evidence.location));
    }
    if (type === 'AWS::Lambda::Permission') addPolicy(template, drafts, entry, permissionOf(entry));
    if (type === 'AWS::Lambda::Url' && typeof properties['AuthType'] === 'string') {
      setFacts(draftOf(template, drafts, entry), { publicAccess: properties['AuthType'] === 'NONE' }, evidence.source);
    }
    if (type === 'AWS::S3::Bucket' && PUBLIC_ACL.has(String(properties['AccessControl']))) {
      setFacts(draftOf(template, drafts, entry), { publicAccess: true }, evidence.source);
    }
  }
}

function draftOf(template: Template, drafts: Drafts, entry: TemplateEntry): Draft {
  return addDeclared(template, drafts, { ...entry, name: `${entry.name}#policy` }, 'aws_resource_policy', entry.name);
}

function permissionOf({ properties }: TemplateEntry): PolicyDocument {
  const account = properties['SourceAccount'];
  const principal = properties['Principal'];
  return functionPolicy({
    principal: typeof principal === 'number' ? String(principal) : principal,
    action: properties['Action'],
    sourceArn: properties['SourceArn'],
    sourceAccount: typeof account === 'number' ? String(account) : account,
    organisation: properties['PrincipalOrgID'],
  });
}

function addPolicy(template: Template, drafts: Drafts, entry: TemplateEntry, document: PolicyDocument): void {
  const draft = draftOf(template, drafts, entry);
  const { evidence, type } = entry;
  const own = ownAccountsIn(document, type === 'AWS::KMS::Key');
  const { principals, serviceWithoutSource, ...facts } = analyseResourcePolicy(document, own);
  setFacts(draft, facts, evidence.source);
  if (NAMES_SOURCE.test(type)) setFacts(draft, { serviceWithoutSource }, evidence.source);
  if (own.length === 0 && facts.trustsExternalAccounts !== undefined && facts.trustsExternalAccounts.length > 0) {
    setFacts(draft, { trustsExternalAccounts: facts.trustsExternalAccounts }, evidence.source, 'approximate');
  }
  for (const arn of principals) drafts.edge(draft.id, 'trusted-by', { kind: 'aws-arn', value: arn }, evidence, true);
  for (const { value } of document.statements.flatMap((statement) => statement.principals)) {
    const declared = template.resources.get(logicalId(value) ?? '');
    if (declared === undefined || !PRINCIPAL_TYPES.has(declared.type)) continue;
    drafts.edge(draft.id, 'trusted-by', byId(declaredId(template, declared.name)), evidence, true);
  }
}
