/**
 * What a principal gains: permissions of its own choice, the role that it passes to a new workload, or the role of an
 * existing workload or account.
 */
export type Gain = 'any-permission' | 'passed-role' | 'existing-role';

/** A set of actions that together widen a principal's own permissions. */
export interface Escalation {
  readonly actions: readonly string[];
  readonly gain: Gain;
}

const DIRECT = `
iam:CreatePolicyVersion
iam:SetDefaultPolicyVersion
iam:AttachUserPolicy
iam:AttachGroupPolicy
iam:AttachRolePolicy
iam:PutUserPolicy
iam:PutGroupPolicy
iam:PutRolePolicy
iam:AddUserToGroup
iam:UpdateAssumeRolePolicy
iam:CreateAccessKey
iam:CreateLoginProfile
iam:UpdateLoginProfile
iam:UpdateSAMLProvider
`;

/** Sets of actions that escalate together with iam:PassRole. */
const PASSED = `
ec2:RunInstances
ec2:RequestSpotInstances
ec2:AssociateIamInstanceProfile
ec2:ReplaceIamInstanceProfileAssociation
autoscaling:CreateLaunchConfiguration autoscaling:CreateAutoScalingGroup
ec2:CreateLaunchTemplate autoscaling:CreateAutoScalingGroup
lambda:CreateFunction lambda:InvokeFunction
lambda:CreateFunction lambda:CreateFunctionUrlConfig
lambda:CreateFunction lambda:CreateEventSourceMapping
lambda:CreateFunction lambda:AddPermission
glue:CreateDevEndpoint
glue:CreateSession glue:RunStatement
glue:CreateJob glue:StartJobRun
glue:CreateJob glue:CreateTrigger
glue:UpdateJob glue:StartJobRun
glue:UpdateJob glue:CreateTrigger
cloudformation:CreateStack
cloudformation:CreateStackSet cloudformation:CreateStackInstances
cloudformation:UpdateStackSet
datapipeline:CreatePipeline datapipeline:PutPipelineDefinition datapipeline:ActivatePipeline
codebuild:CreateProject codebuild:StartBuild
codebuild:CreateProject codebuild:StartBuildBatch
codebuild:UpdateProject codebuild:StartBuild
codepipeline:CreatePipeline
codedeploy:CreateDeploymentGroup codedeploy:CreateDeployment
sagemaker:CreateNotebookInstance sagemaker:CreatePresignedNotebookInstanceUrl
sagemaker:CreateTrainingJob
sagemaker:CreateProcessingJob
ecs:RegisterTaskDefinition ecs:RunTask
ecs:RegisterTaskDefinition ecs:StartTask
ecs:RegisterTaskDefinition ecs:CreateService
ecs:RegisterTaskDefinition ecs:UpdateService
batch:RegisterJobDefinition batch:SubmitJob
apprunner:CreateService
states:CreateStateMachine states:StartExecution
states:UpdateStateMachine states:StartExecution
events:PutRule events:PutTargets
scheduler:CreateSchedule
ssm:StartAutomationExecution
elasticmapreduce:RunJobFlow
cognito-identity:SetIdentityPoolRoles
rolesanywhere:CreateTrustAnchor rolesanywhere:CreateProfile
bedrock-agentcore:CreateCodeInterpreter bedrock-agentcore:StartCodeInterpreterSession bedrock-agentcore:InvokeCodeInterpreter
`;

/** The sso sets count only in the account that runs Identity Center, so alone they prove nothing. */
const EXISTING = `
sso:PutInlinePolicyToPermissionSet sso:ProvisionPermissionSet
sso:AttachManagedPolicyToPermissionSet sso:ProvisionPermissionSet
sso:CreateAccountAssignment
sts:AssumeRole
lambda:UpdateFunctionCode
lambda:UpdateFunctionConfiguration
glue:UpdateDevEndpoint
cloudformation:UpdateStack
cloudformation:CreateChangeSet cloudformation:ExecuteChangeSet
codebuild:StartBuild
apprunner:UpdateService
sagemaker:CreatePresignedNotebookInstanceUrl
sagemaker:CreateNotebookInstanceLifecycleConfig sagemaker:UpdateNotebookInstance
ssm:SendCommand
ssm:StartSession
ecs:ExecuteCommand
ec2-instance-connect:SendSSHPublicKey
ec2:ModifyInstanceAttribute ec2:StopInstances ec2:StartInstances
`;

/** All sets: each line of the tables above is one. */
export const ESCALATIONS: readonly Escalation[] = [
  ...sets(DIRECT, 'any-permission', []),
  ...sets(PASSED, 'passed-role', ['iam:PassRole']),
  ...sets(EXISTING, 'existing-role', []),
];

/** Actions that hand out a credential. */
export const CREDENTIAL_ACTIONS: readonly string[] = words(`
iam:CreateAccessKey iam:CreateLoginProfile iam:UpdateLoginProfile iam:CreateServiceSpecificCredential
iam:ResetServiceSpecificCredential iam:CreateVirtualMFADevice
sts:AssumeRole sts:GetSessionToken sts:GetFederationToken
sso:GetRoleCredentials
ecr:GetAuthorizationToken ecr-public:GetAuthorizationToken codeartifact:GetAuthorizationToken
redshift:GetClusterCredentials redshift:GetClusterCredentialsWithIAM redshift-serverless:GetCredentials rds-db:connect
cognito-identity:GetCredentialsForIdentity cognito-identity:GetOpenIdToken
cognito-identity:GetOpenIdTokenForDeveloperIdentity cognito-idp:DescribeUserPoolClient
lightsail:GetInstanceAccessDetails lightsail:GetRelationalDatabaseMasterUserPassword lightsail:CreateKeyPair
lightsail:DownloadDefaultKeyPair
ec2:CreateKeyPair ec2:GetPasswordData ec2-instance-connect:SendSSHPublicKey
appsync:CreateApiKey appsync:ListApiKeys
codepipeline:PollForJobs codepipeline:PollForThirdPartyJobs
gamelift:RequestUploadCredentials gamelift:GetInstanceAccess
iot:CreateKeysAndCertificate iot:CreateProvisioningClaim
mediapackage:RotateIngestEndpointCredentials
ssm:CreateActivation
secretsmanager:GetSecretValue secretsmanager:BatchGetSecretValue
`);

/** Actions that read stored data or secrets. */
export const DATA_ACTIONS: readonly string[] = words(`
s3:GetObject s3:GetObjectVersion s3-object-lambda:GetObject
secretsmanager:GetSecretValue secretsmanager:BatchGetSecretValue
ssm:GetParameter ssm:GetParameters ssm:GetParametersByPath ssm:GetParameterHistory
dynamodb:GetItem dynamodb:BatchGetItem dynamodb:Query dynamodb:Scan dynamodb:GetRecords dynamodb:PartiQLSelect
rds-data:ExecuteStatement rds-data:BatchExecuteStatement redshift-data:ExecuteStatement redshift-data:GetStatementResult
athena:GetQueryResults kinesis:GetRecords sqs:ReceiveMessage
ebs:GetSnapshotBlock es:ESHttpGet aoss:APIAccessAll neptune-db:ReadDataViaQuery
logs:GetLogEvents logs:FilterLogEvents
lambda:GetFunction codecommit:GitPull codecommit:GetFile ecr:BatchGetImage ecr:GetDownloadUrlForLayer
glacier:GetJobOutput backup:StartRestoreJob kms:Decrypt
`);

/** Writes that change nothing of value: telemetry, and network plumbing of workloads. */
export const HARMLESS_ACTIONS: readonly string[] = words(`
logs:CreateLogGroup logs:CreateLogStream logs:PutLogEvents logs:CreateLog* logs:Put*
xray:PutTraceSegments xray:PutTelemetryRecords xray:Put* cloudwatch:PutMetricData
ec2:CreateNetworkInterface ec2:DeleteNetworkInterface ec2:AssignPrivateIpAddresses ec2:UnassignPrivateIpAddresses
ecr:GetAuthorizationToken ssmmessages:* ec2messages:* ssm:UpdateInstanceInformation
`);

/** Actions that tell a principal only about itself. */
export const SELF_ACTIONS: readonly string[] = words(
  'sts:GetCallerIdentity iam:ChangePassword iam:GetAccountPasswordPolicy',
);

/** Beginnings of the names of actions that only read. */
export const READ_VERB =
  /^(?:get|list|describe|view|search|query|scan|batchget|check|lookup|read|head|select|filter|estimate|simulate|validate|preview|receive|download|detect|discover|verify|count|is|poll)/;

function sets(text: string, gain: Gain, common: readonly string[]): Escalation[] {
  const lines = text.trim().split('\n');
  return lines.map((line) => ({ actions: [...common, ...words(line)], gain }));
}

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
