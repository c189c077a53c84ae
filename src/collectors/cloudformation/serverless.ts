import { defined } from '../../lib/fields/defined.ts';
import { type AttachedPolicy, analysePermissions } from '../../permissions/aws/analyse.ts';
import { type PolicyValue, readPolicyDocument } from '../../permissions/aws/document.ts';
import { managedPolicyDocument } from '../../permissions/aws/managed.ts';
import { addPermissions } from '../shared/aws-principal.ts';
import { type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { managedPolicy } from './attachments.ts';
import { addDeclared, judge } from './iam.ts';
import { listOf, mappingOf, type Properties, plainText, type Template, type TemplateEntry } from './template.ts';

/** What the policy templates of SAM allow on the one resource that their parameters name. */
const SAM_TEMPLATES: ReadonlyMap<string, string> = new Map([
  ['AWSSecretsManagerGetSecretValuePolicy', 'secretsmanager:GetSecretValue'],
  ['AWSSecretsManagerRotationPolicy', 'secretsmanager:GetSecretValue secretsmanager:PutSecretValue'],
  ['CloudFormationDescribeStacksPolicy', 'cloudformation:DescribeStacks'],
  ['CloudWatchPutMetricPolicy', 'cloudwatch:PutMetricData'],
  ['CodePipelineLambdaExecutionPolicy', 'codepipeline:PutJobSuccessResult codepipeline:PutJobFailureResult'],
  ['DynamoDBCrudPolicy', 'dynamodb:GetItem dynamodb:PutItem dynamodb:DeleteItem dynamodb:Query dynamodb:Scan'],
  ['DynamoDBReadPolicy', 'dynamodb:GetItem dynamodb:Query dynamodb:Scan dynamodb:BatchGetItem'],
  ['DynamoDBWritePolicy', 'dynamodb:PutItem dynamodb:UpdateItem dynamodb:BatchWriteItem'],
  ['EventBridgePutEventsPolicy', 'events:PutEvents'],
  ['KMSDecryptPolicy', 'kms:Decrypt'],
  ['KMSEncryptPolicy', 'kms:Encrypt'],
  ['KinesisStreamReadPolicy', 'kinesis:GetRecords kinesis:DescribeStream'],
  ['LambdaInvokePolicy', 'lambda:InvokeFunction'],
  ['S3CrudPolicy', 's3:GetObject s3:PutObject s3:DeleteObject s3:ListBucket'],
  ['S3FullAccessPolicy', 's3:GetObject s3:PutObject s3:PutObjectAcl s3:DeleteObject s3:ListBucket'],
  ['S3ReadPolicy', 's3:GetObject s3:ListBucket'],
  ['S3WritePolicy', 's3:PutObject s3:PutObjectAcl'],
  ['SESCrudPolicy', 'ses:SendEmail ses:SendRawEmail ses:GetIdentityVerificationAttributes'],
  ['SNSPublishMessagePolicy', 'sns:Publish'],
  ['SQSPollerPolicy', 'sqs:ReceiveMessage sqs:DeleteMessage sqs:GetQueueAttributes'],
  ['SQSSendMessagePolicy', 'sqs:SendMessage'],
  ['SSMParameterReadPolicy', 'ssm:GetParameter ssm:GetParameters ssm:GetParametersByPath'],
  ['StepFunctionsExecutionPolicy', 'states:StartExecution'],
  ['VPCAccessPolicy', 'ec2:CreateNetworkInterface ec2:DeleteNetworkInterface'],
]);

/** Reads the roles that SAM makes for functions, and those of a `serverless.yml`. */
export function collectServerless(template: Template, drafts: Drafts): void {
  const globals = mappingOf(mappingOf(template.root['Globals'])['Function']);
  for (const entry of template.resources.values()) {
    if (entry.type === 'AWS::Serverless::Function') addFunctionRole(template, drafts, entry, globals);
  }
  collectFramework(template, drafts);
}

/** SAM makes the role `<function>Role` if the function names none. */
function addFunctionRole(template: Template, drafts: Drafts, entry: TemplateEntry, globals: Properties): void {
  if (entry.properties['Role'] !== undefined || globals['Role'] !== undefined) return;
  const policies = [...listOf(globals['Policies']), ...listOf(entry.properties['Policies'])];
  const role = { ...entry, name: `${entry.name}Role` };
  const draft = addDeclared(template, drafts, role, 'iam_role', role.name);
  setFacts(
    draft,
    { authMethod: 'instance_identity', trustsAnyPrincipal: false, trustsServices: ['lambda.amazonaws.com'] },
    entry.evidence.source,
  );
  const source = entry.evidence.source;
  const basic = managed('AWSLambdaBasicExecutionRole', source);
  judge(template, drafts, draft, role, [basic, ...policies.map((policy) => samPolicy(template, policy, entry))]);
}

function managed(name: string, source: string): AttachedPolicy {
  const document = managedPolicyDocument(`arn:aws:iam::aws:policy/${name}`);
  return { name, source, ...defined({ document }) };
}

/** Reads one policy of SAM: a name, an ARN, a document, or a policy template with its parameters. */
function samPolicy(template: Template, policy: PolicyValue, entry: TemplateEntry): AttachedPolicy {
  const { source, location } = entry.evidence;
  const plain = plainText(policy);
  if (plain !== undefined && !plain.startsWith('arn:')) return managed(plain, source);
  const data = mappingOf(policy);
  if ('Statement' in data) return { name: 'inline', source, document: readPolicyDocument(policy, location) };
  const [name] = Object.keys(data);
  const actions = SAM_TEMPLATES.get(name ?? '');
  if (name === undefined) return managedPolicy(template, policy, source);
  if (actions === undefined) return { name, source };
  const statement = { Effect: 'Allow', Action: actions.split(' '), Resource: 'arn:aws:service:::named-by-parameters' };
  return { name, source, document: readPolicyDocument({ Statement: statement }, location) };
}

/** Reads `provider.iam.role` (or the older `provider.iamRoleStatements`), and the statements of single functions. */
function collectFramework(template: Template, drafts: Drafts): void {
  const provider = mappingOf(template.root['provider']);
  if (provider['name'] !== 'aws') return;
  const role = mappingOf(mappingOf(provider['iam'])['role']);
  const statements = [...listOf(role['statements']), ...listOf(provider['iamRoleStatements'])];
  const arns = [...listOf(role['managedPolicies']), ...listOf(provider['iamManagedPolicies'])];
  addFrameworkRole(template, drafts, 'IamRoleLambdaExecution', statements, arns);
  for (const [name, definition] of Object.entries(mappingOf(template.root['functions']))) {
    addFrameworkRole(template, drafts, `${name}IamRole`, listOf(mappingOf(definition)['iamRoleStatements']), []);
  }
}

function addFrameworkRole(
  template: Template,
  drafts: Drafts,
  name: string,
  statements: readonly PolicyValue[],
  arns: readonly PolicyValue[],
): void {
  if (statements.length === 0 && arns.length === 0) return;
  const entry: TemplateEntry = { name, type: 'AWS::IAM::Role', properties: {}, evidence: template.evidence };
  const draft = addDeclared(template, drafts, entry, 'iam_role', name);
  const { source, location } = entry.evidence;
  const inline = { name: 'statements', source, document: readPolicyDocument({ Statement: statements }, location) };
  const policies = statements.length === 0 ? [] : [inline];
  const facts = analysePermissions([...policies, ...arns.map((arn) => managedPolicy(template, arn, source))]);
  addPermissions(draft, facts, source);
  setFacts(
    draft,
    { authMethod: 'instance_identity', trustsAnyPrincipal: false, trustsServices: ['lambda.amazonaws.com'] },
    source,
  );
}
