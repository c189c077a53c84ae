import { childBodies } from '../../../lib/hcl/index.ts';
import { type PolicyDocument, type PolicyValue, readPolicyDocument } from '../../../permissions/aws/document.ts';
import { analyseResourcePolicy, functionPolicy, ownAccountsIn } from '../../../permissions/aws/resource-policy.ts';
import { byId, type Draft, type Drafts, setFacts } from '../../shared/identity-drafts.ts';
import { addDeclared, declaredBlock, principalId } from '../declare.ts';
import {
  attributeValue,
  declaredId,
  evidenceOf,
  resourcesOf,
  type TerraformBlock,
  type TerraformModule,
} from '../module.ts';
import { booleanOf, findBlock, resolve, textOf } from '../resolve.ts';
import { documentsOf } from './attachments.ts';
import { addPlaces, ownAccountsOf } from './declare.ts';

/** The attribute that holds the policy of a resource, by the type of the block. */
const POLICIES: Readonly<Record<string, string>> = {
  aws_api_gateway_rest_api: 'policy',
  aws_api_gateway_rest_api_policy: 'policy',
  aws_backup_vault_policy: 'policy',
  aws_cloudwatch_event_bus_policy: 'policy',
  aws_codeartifact_domain_permissions_policy: 'policy_document',
  aws_codeartifact_repository_permissions_policy: 'policy_document',
  aws_dynamodb_resource_policy: 'policy',
  aws_ecr_registry_policy: 'policy',
  aws_ecr_repository_policy: 'policy',
  aws_ecrpublic_repository_policy: 'policy',
  aws_efs_file_system_policy: 'policy',
  aws_elasticsearch_domain: 'access_policies',
  aws_elasticsearch_domain_policy: 'access_policies',
  aws_glacier_vault: 'access_policy',
  aws_glacier_vault_lock: 'policy',
  aws_kinesis_resource_policy: 'policy',
  aws_kms_key: 'policy',
  aws_kms_external_key: 'policy',
  aws_kms_key_policy: 'policy',
  aws_kms_replica_key: 'policy',
  aws_opensearch_domain: 'access_policies',
  aws_opensearch_domain_policy: 'access_policies',
  aws_s3_bucket: 'policy',
  aws_s3_bucket_policy: 'policy',
  aws_secretsmanager_secret: 'policy',
  aws_secretsmanager_secret_policy: 'policy',
  aws_sns_topic: 'policy',
  aws_sns_topic_policy: 'policy',
  aws_sqs_queue: 'policy',
  aws_sqs_queue_policy: 'policy',
};
const PUBLIC_ACL = /^(?:public-read|public-read-write|authenticated-read)$/;
const PUBLIC_GROUP = /\/groups\/global\/(?:AllUsers|AuthenticatedUsers)$/;
/** Services of which AWS says that a policy should name the source: others act for one account only. */
const NAMES_SOURCE = /^aws_(?:lambda|sns|sqs|s3)/;

/** Reads who may use a resource, from the policy that the resource itself has. */
export function collectResourcePolicies(module: TerraformModule, drafts: Drafts): void {
  const accounts = ownAccountsOf(module);
  for (const [type, attribute] of Object.entries(POLICIES)) {
    for (const block of resourcesOf(module, type)) {
      const value = attributeValue(block, attribute);
      const data = value === undefined ? null : resolve(module, value);
      if (value === undefined || data === null || data === '') continue;
      addPolicy(module, drafts, block, readPolicyDocument(data, evidenceOf(block).location), accounts);
    }
  }
  for (const block of resourcesOf(module, 'aws_lambda_permission')) addPermission(module, drafts, block, accounts);
  for (const block of resourcesOf(module, 'aws_lambda_function_url')) addFunctionUrl(module, drafts, block);
  for (const block of resourcesOf(module, 'aws_s3_bucket', 'aws_s3_bucket_acl')) addAcl(module, drafts, block);
}

/** Makes the draft of the policy that a block holds. */
export function addResourcePolicy(module: TerraformModule, drafts: Drafts, block: TerraformBlock): Draft {
  const id = declaredId(module, `${block.address}#policy`);
  const name = textOf(module, block, 'name') ?? block.address;
  return addDeclared(module, drafts, block, { id, type: 'aws_resource_policy', provider: 'aws', name });
}

/** Adds what a policy says of those who may use a resource. */
export function addPolicy(
  module: TerraformModule,
  drafts: Drafts,
  block: TerraformBlock,
  document: PolicyDocument,
  accounts: readonly string[],
): void {
  const draft = addResourcePolicy(module, drafts, block);
  addPlaces(drafts, draft, documentsOf(module, block));
  const evidence = evidenceOf(block);
  const own = [...accounts, ...ownAccountsIn(document, block.type.startsWith('aws_kms'))];
  const { principals, serviceWithoutSource, ...facts } = analyseResourcePolicy(document, own);
  const isBlocked = isInNetwork(block) || (block.type.startsWith('aws_s3') && isBlockedBucket(module, block));
  setFacts(draft, { ...facts, ...(isBlocked ? { publicAccess: false } : {}) }, evidence.source);
  if (NAMES_SOURCE.test(block.type)) setFacts(draft, { serviceWithoutSource }, evidence.source);
  if (own.length === 0 && facts.trustsExternalAccounts !== undefined && facts.trustsExternalAccounts.length > 0) {
    setFacts(draft, { trustsExternalAccounts: facts.trustsExternalAccounts }, evidence.source, 'approximate');
  }
  for (const arn of principals) drafts.edge(draft.id, 'trusted-by', { kind: 'aws-arn', value: arn }, evidence, true);
  for (const text of document.statements.flatMap((statement) => statement.principals.map(({ value }) => value))) {
    const declared = text.includes('${') ? declaredBlock(module, text) : undefined;
    if (declared !== undefined)
      drafts.edge(draft.id, 'trusted-by', byId(principalId(module, declared)), evidence, true);
  }
}

/** True for a domain of OpenSearch that only its network reaches. */
function isInNetwork({ type, body }: TerraformBlock): boolean {
  return /^aws_(?:opensearch|elasticsearch)_domain$/.test(type) && childBodies(body, 'vpc_options').length > 0;
}

/** True where the bucket of a policy refuses public policies as a whole. */
function isBlockedBucket(module: TerraformModule, block: TerraformBlock): boolean {
  const bucket = block.type === 'aws_s3_bucket' ? block : bucketOf(module, block);
  return resourcesOf(module, 'aws_s3_bucket_public_access_block').some((candidate) => {
    const same = bucket !== undefined && bucketOf(module, candidate) === bucket;
    return same && booleanOf(module, candidate, 'restrict_public_buckets') === true;
  });
}

function bucketOf(module: TerraformModule, block: TerraformBlock): TerraformBlock | undefined {
  return findBlock(module, attributeValue(block, 'bucket'), ['aws_s3_bucket'], ['id', 'bucket', 'arn']);
}

/** `aws_lambda_permission` is one statement of the policy of a function. */
function addPermission(
  module: TerraformModule,
  drafts: Drafts,
  block: TerraformBlock,
  accounts: readonly string[],
): void {
  const given = (name: string): PolicyValue | undefined => {
    const value = attributeValue(block, name);
    return value === undefined ? undefined : resolve(module, value);
  };
  const document = functionPolicy({
    principal: given('principal'),
    action: given('action'),
    sourceArn: given('source_arn'),
    sourceAccount: given('source_account'),
    organisation: given('principal_org_id'),
  });
  addPolicy(module, drafts, block, document, accounts);
}

/** A function URL without authorisation is open to everybody. */
function addFunctionUrl(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  const type = textOf(module, block, 'authorization_type');
  if (type === undefined) return;
  setFacts(addResourcePolicy(module, drafts, block), { publicAccess: type === 'NONE' }, evidenceOf(block).source);
}

/** Access lists of buckets: the word for a usual one, or grants. */
function addAcl(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  const acl = textOf(module, block, 'acl');
  const policies = childBodies(block.body, 'access_control_policy');
  const grants = policies.flatMap(({ body }) => childBodies(body, 'grant'));
  const grantees = grants.flatMap(({ body }) => childBodies(body, 'grantee'));
  const isOpen = grantees.some(({ body }) => PUBLIC_GROUP.test(textOf(module, { ...block, body }, 'uri') ?? ''));
  if (acl === undefined && grants.length === 0) return;
  const publicAccess = (acl !== undefined && PUBLIC_ACL.test(acl)) || isOpen;
  if (block.type === 'aws_s3_bucket' && !publicAccess) return;
  setFacts(addResourcePolicy(module, drafts, block), { publicAccess }, evidenceOf(block).source);
}
