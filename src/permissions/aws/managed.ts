import { type PolicyDocument, readPolicyDocument } from './document.ts';

/** What well-known policies of AWS allow, on every resource. `!` begins a list of what is excluded (NotAction). */
const MANAGED: ReadonlyMap<string, string> = new Map([
  ['AdministratorAccess', '*'],
  ['AdministratorAccess-Amplify', 'amplify:* cloudformation:CreateStack iam:PassRole iam:PutRolePolicy lambda:* s3:*'],
  [
    'AdministratorAccess-AWSElasticBeanstalk',
    'elasticbeanstalk:* cloudformation:* ec2:* iam:PassRole s3:* autoscaling:*',
  ],
  ['PowerUserAccess', '! iam:* organizations:* account:*'],
  ['IAMFullAccess', 'iam:* organizations:Describe* organizations:List*'],
  ['IAMReadOnlyAccess', 'iam:Get* iam:List* iam:GenerateCredentialReport'],
  ['IAMUserChangePassword', 'iam:ChangePassword iam:GetAccountPasswordPolicy'],
  ['AWSOrganizationsFullAccess', 'organizations:*'],
  ['AWSCloudFormationFullAccess', 'cloudformation:*'],
  ['AWSCodeBuildAdminAccess', 'codebuild:* codecommit:* ecr:Describe* logs:GetLogEvents ssm:StartSession'],
  ['AWSLambda_FullAccess', 'lambda:* iam:PassRole iam:Get* iam:List* cloudformation:Describe* logs:Describe*'],
  ['AWSLambdaBasicExecutionRole', 'logs:CreateLogGroup logs:CreateLogStream logs:PutLogEvents'],
  [
    'AWSLambdaVPCAccessExecutionRole',
    'logs:CreateLogGroup logs:CreateLogStream logs:PutLogEvents ec2:CreateNetworkInterface ec2:DeleteNetworkInterface ec2:Describe*',
  ],
  ['AWSXRayDaemonWriteAccess', 'xray:PutTraceSegments xray:PutTelemetryRecords xray:Get*'],
  ['AmazonAPIGatewayAdministrator', 'apigateway:*'],
  ['AmazonDynamoDBFullAccess', 'dynamodb:* dax:* kms:Describe*'],
  [
    'AmazonDynamoDBReadOnlyAccess',
    'dynamodb:BatchGetItem dynamodb:Describe* dynamodb:GetItem dynamodb:List* dynamodb:Query dynamodb:Scan',
  ],
  ['AmazonEC2ContainerRegistryFullAccess', 'ecr:*'],
  [
    'AmazonEC2ContainerRegistryPowerUser',
    'ecr:GetAuthorizationToken ecr:BatchGetImage ecr:GetDownloadUrlForLayer ecr:PutImage ecr:UploadLayerPart ecr:Describe*',
  ],
  [
    'AmazonEC2ContainerRegistryReadOnly',
    'ecr:GetAuthorizationToken ecr:BatchGetImage ecr:GetDownloadUrlForLayer ecr:Describe* ecr:List*',
  ],
  ['AmazonEC2FullAccess', 'ec2:* elasticloadbalancing:* cloudwatch:* autoscaling:*'],
  ['AmazonEC2ReadOnlyAccess', 'ec2:Describe* elasticloadbalancing:Describe* cloudwatch:Get* autoscaling:Describe*'],
  ['AmazonECS_FullAccess', 'ecs:* ec2:Describe* iam:PassRole elasticloadbalancing:* autoscaling:* logs:CreateLogGroup'],
  [
    'AmazonECSTaskExecutionRolePolicy',
    'ecr:GetAuthorizationToken ecr:BatchGetImage ecr:GetDownloadUrlForLayer logs:CreateLogStream logs:PutLogEvents',
  ],
  ['AmazonEKSClusterPolicy', 'ec2:* elasticloadbalancing:* autoscaling:UpdateAutoScalingGroup kms:DescribeKey'],
  ['AmazonEKSWorkerNodePolicy', 'ec2:Describe* eks:DescribeCluster'],
  [
    'AmazonEKS_CNI_Policy',
    'ec2:CreateNetworkInterface ec2:DeleteNetworkInterface ec2:AssignPrivateIpAddresses ec2:Describe*',
  ],
  ['AmazonRDSFullAccess', 'rds:* cloudwatch:Get* ec2:Describe* sns:List* logs:GetLogEvents'],
  ['AmazonRDSReadOnlyAccess', 'rds:Describe* rds:ListTagsForResource ec2:Describe* cloudwatch:Get*'],
  ['AmazonRoute53FullAccess', 'route53:* route53domains:*'],
  ['AmazonS3FullAccess', 's3:* s3-object-lambda:*'],
  ['AmazonS3ReadOnlyAccess', 's3:Get* s3:List* s3:Describe* s3-object-lambda:Get* s3-object-lambda:List*'],
  ['AmazonSESFullAccess', 'ses:*'],
  ['AmazonSNSFullAccess', 'sns:*'],
  ['AmazonSQSFullAccess', 'sqs:*'],
  ['AmazonSSMFullAccess', 'ssm:* ec2messages:* ssmmessages:*'],
  [
    'AmazonSSMManagedInstanceCore',
    'ssm:GetParameter ssm:GetParameters ssm:UpdateInstanceInformation ssmmessages:* ec2messages:*',
  ],
  ['AmazonSSMReadOnlyAccess', 'ssm:Describe* ssm:Get* ssm:List*'],
  ['AmazonVPCFullAccess', 'ec2:CreateVpc ec2:DeleteVpc ec2:ModifyVpcAttribute ec2:Describe*'],
  ['Billing', 'aws-portal:* billing:* budgets:* ce:* cur:*'],
  ['CloudFrontFullAccess', 'cloudfront:*'],
  [
    'CloudWatchAgentServerPolicy',
    'cloudwatch:PutMetricData logs:PutLogEvents logs:CreateLogStream logs:CreateLogGroup',
  ],
  ['CloudWatchFullAccess', 'cloudwatch:* logs:* sns:*'],
  ['CloudWatchLogsFullAccess', 'logs:*'],
  ['CloudWatchReadOnlyAccess', 'cloudwatch:Get* cloudwatch:Describe* cloudwatch:List* logs:Describe* logs:List*'],
  ['DatabaseAdministrator', 'rds:* dynamodb:* redshift:* elasticache:* iam:GetRole iam:ListRoles'],
  [
    'ReadOnlyAccess',
    's3:GetObject dynamodb:GetItem dynamodb:Scan sqs:ReceiveMessage lambda:GetFunction ec2:Describe* iam:Get* iam:List*',
  ],
  ['SecretsManagerReadWrite', 'secretsmanager:* kms:Describe* lambda:CreateFunction cloudformation:CreateChangeSet'],
  [
    'SecurityAudit',
    'iam:Get* iam:List* ec2:Describe* s3:GetBucket* s3:List* cloudtrail:Describe* organizations:Describe*',
  ],
  [
    'ViewOnlyAccess',
    'iam:List* ec2:Describe* s3:ListAllMyBuckets s3:ListBucket rds:Describe* lambda:List* logs:Describe*',
  ],
]);

const MANAGED_ARN = /^arn:aws[\w-]*:iam::aws:policy\/(?:[\w-]+\/)*([\w+=,.@-]+)$/;

/** Returns the name of a policy that AWS manages, or undefined for any other ARN. */
export function managedPolicyName(arn: string): string | undefined {
  return MANAGED_ARN.exec(arn)?.[1];
}

/**
 * Returns the essence of a policy that AWS manages: enough to tell its privilege, not its full text. Undefined for a
 * policy that is not in the table; its permissions are unknown.
 */
export function managedPolicyDocument(arn: string): PolicyDocument | undefined {
  const actions = MANAGED.get(managedPolicyName(arn) ?? '');
  if (actions === undefined) return undefined;
  const [first, ...rest] = actions.split(' ');
  const what = first === '!' ? { NotAction: rest } : { Action: [first ?? '', ...rest] };
  return readPolicyDocument({ Statement: { Effect: 'Allow', ...what, Resource: '*' } });
}
