/**
 * What a principal gains: permissions of its own choice, the role that it passes to a new workload, or the role of an
 * existing workload or account.
 */
export type Gain = 'any-permission' | 'passed-role' | 'existing-role';

/** A set of actions that together widen a principal's own permissions. */
export interface Escalation {
  readonly actions: readonly string[];
  readonly gain: Gain;
  /** Services that take the passed role: where a statement limits `iam:PassedToService`, one of these must be in it. */
  readonly takers?: readonly string[];
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
deadline:AssumeFleetRoleForWorker
deadline:AssumeQueueRoleForWorker
deadline:AssumeQueueRoleForUser
workmail:AssumeImpersonationRole
connect:AdminGetEmergencyAccessToken
`;

/** Whom a role is passed to, where it is not `<service>.amazonaws.com`. */
const TAKERS: Readonly<Record<string, readonly string[]>> = {
  autoscaling: ['ec2.amazonaws.com'],
  ecs: ['ecs-tasks.amazonaws.com', 'ecs.amazonaws.com'],
  batch: ['ecs-tasks.amazonaws.com', 'batch.amazonaws.com'],
  apprunner: ['tasks.apprunner.amazonaws.com', 'build.apprunner.amazonaws.com'],
  datapipeline: ['datapipeline.amazonaws.com', 'elasticmapreduce.amazonaws.com', 'ec2.amazonaws.com'],
  elasticmapreduce: ['elasticmapreduce.amazonaws.com', 'ec2.amazonaws.com'],
  'cognito-identity': ['cognito-identity.amazonaws.com', 'cognito-idp.amazonaws.com'],
};

/** All sets: each line of the tables above is one. */
export const ESCALATIONS: readonly Escalation[] = [
  ...sets(DIRECT, 'any-permission', []),
  ...sets(PASSED, 'passed-role', ['iam:PassRole']),
  ...sets(EXISTING, 'existing-role', []),
];

/** Actions with which a principal gives itself more, on its own user alone. */
export const SELF_GRANTING: readonly string[] = ['iam:PutUserPolicy', 'iam:AttachUserPolicy'];

/** Actions that say who acts as whom, beside those whose access level is permissions management. */
export const MEMBERSHIP_ACTIONS: readonly string[] = words(`
iam:PassRole iam:AddUserToGroup iam:RemoveUserFromGroup iam:AddRoleToInstanceProfile
iam:CreateAccessKey iam:UpdateAccessKey iam:CreateLoginProfile iam:UpdateLoginProfile
iam:CreateServiceSpecificCredential iam:ResetServiceSpecificCredential iam:DeactivateMFADevice
`);

/** Actions that hand out a credential. */
export const CREDENTIAL_ACTIONS: readonly string[] = words(`
iam:CreateAccessKey iam:UpdateAccessKey iam:CreateLoginProfile iam:UpdateLoginProfile
iam:CreateServiceSpecificCredential iam:ResetServiceSpecificCredential
sts:AssumeRole
redshift:GetClusterCredentials redshift:GetClusterCredentialsWithIAM redshift-serverless:GetCredentials rds-db:connect
cognito-identity:GetCredentialsForIdentity cognito-identity:GetOpenIdToken
cognito-identity:GetOpenIdTokenForDeveloperIdentity cognito-idp:DescribeUserPoolClient
lightsail:GetInstanceAccessDetails lightsail:GetRelationalDatabaseMasterUserPassword lightsail:CreateKeyPair
lightsail:DownloadDefaultKeyPair
ec2:CreateKeyPair ec2:GetPasswordData ec2-instance-connect:SendSSHPublicKey
appsync:CreateApiKey appsync:ListApiKeys
airflow:CreateCliToken airflow:CreateWebLoginToken
cloud9:CreateEnvironmentToken
cognito-idp:GetSigningCertificate
connect:GetFederationToken
emr-containers:GetManagedEndpointSessionCredentials elasticmapreduce:GetClusterSessionCredentials
grafana:CreateWorkspaceApiKey grafana:CreateWorkspaceServiceAccountToken
eks:CreateAccessEntry
lightsail:CreateBucketAccessKey
codepipeline:PollForJobs codepipeline:PollForThirdPartyJobs
gamelift:RequestUploadCredentials gamelift:GetInstanceAccess
iot:CreateKeysAndCertificate iot:CreateProvisioningClaim
mediapackage:RotateIngestEndpointCredentials
ssm:CreateActivation
secretsmanager:GetSecretValue
acm:GetAcmeExternalAccountBindingCredentials
bedrock-agentcore:GetResourceApiKey bedrock-agentcore:GetResourceOauth2Token bedrock-agentcore:GetResourcePaymentToken
codeconnections:GetConnectionToken codeconnections:GetIndividualAccessToken
codestar-connections:GetConnectionToken codestar-connections:GetIndividualAccessToken
datazone:GetEnvironmentCredentials datazone:GetDomainExecutionRoleCredentials
finspace-api:GetProgrammaticAccessCredentials gamelift:GetComputeAuthToken
lakeformation:GetTemporaryGlueTableCredentials lakeformation:GetTemporaryGluePartitionCredentials
pca-connector-scep:GetChallengePassword quicksight:GetAuthCode ssm:GetAccessToken
glue:GetConnection glue:GetConnections ivs:GetStreamKey ivs:BatchGetStreamKey storagegateway:DescribeChapCredentials
deadline:AssumeFleetRoleForWorker deadline:AssumeFleetRoleForRead deadline:AssumeQueueRoleForWorker
deadline:AssumeQueueRoleForUser deadline:AssumeQueueRoleForRead
workmail:AssumeImpersonationRole connect:AdminGetEmergencyAccessToken events:RetrieveConnectionCredentials
`);

/**
 * Actions that hand out a token of the caller's own: it opens what other permissions of the caller allow (a registry),
 * or is the caller again (a session).
 */
export const MINOR_CREDENTIALS: readonly string[] = words(`
sts:GetSessionToken sts:GetFederationToken
ecr:GetAuthorizationToken ecr-public:GetAuthorizationToken codeartifact:GetAuthorizationToken
license-manager:GetAccessToken
`);

/**
 * Actions that hand out all stored credentials where they are allowed on every resource. BatchGetSecretValue is none:
 * it gives those secrets that GetSecretValue gives.
 */
export const VAULT_ACTIONS: readonly string[] = ['secretsmanager:GetSecretValue'];

/** Actions that read stored data or secrets. */
export const DATA_ACTIONS: readonly string[] = words(`
s3:GetObject s3:GetObjectVersion s3-object-lambda:GetObject
secretsmanager:GetSecretValue
ssm:GetParameter ssm:GetParameters ssm:GetParametersByPath ssm:GetParameterHistory
dynamodb:GetItem dynamodb:BatchGetItem dynamodb:Query dynamodb:Scan dynamodb:GetRecords dynamodb:PartiQLSelect
rds-data:ExecuteStatement rds-data:BatchExecuteStatement redshift-data:ExecuteStatement redshift-data:GetStatementResult
athena:GetQueryResults kinesis:GetRecords sqs:ReceiveMessage
ebs:GetSnapshotBlock es:ESHttpGet aoss:APIAccessAll neptune-db:ReadDataViaQuery
logs:GetLogEvents logs:FilterLogEvents
lambda:GetFunction codecommit:GitPull codecommit:GetFile ecr:BatchGetImage ecr:GetDownloadUrlForLayer
glacier:GetJobOutput backup:StartRestoreJob kms:Decrypt workmailmessageflow:GetRawMessageContent
s3-outposts:GetObject cassandra:Select cassandra:GetRecords codecommit:GetBlob iotanalytics:GetDatasetContent
kafka-cluster:ReadData kinesisvideo:GetMedia lakeformation:GetTableObjects neptune-graph:ReadDataViaQuery
qbusiness:GetDocumentContent rds:DownloadCompleteDBLogFile rds:DownloadDBLogFilePortion redshift:FetchResults
sagemaker:GetRecord sagemaker:BatchGetRecord ses:GetArchiveMessageContent workdocs:DownloadDocumentVersion
chime:GetChannelMessage chime:ListChannelMessages sdb:GetAttributes sdb:Select sqlworkbench:DriverExecute
payment-cryptography:DecryptData logs:StartQuery logs:StartLiveTail logs:GetLogRecord athena:GetQueryResultsStream
timestream:Select
`);

/** What a key of KMS does with data. Where services alone may ask for it, their own actions say what is read. */
export const CIPHER_ACTIONS: readonly string[] = words(`
kms:Decrypt kms:Encrypt kms:GenerateDataKey kms:GenerateDataKeyWithoutPlaintext
kms:GenerateDataKeyPair kms:GenerateDataKeyPairWithoutPlaintext kms:ReEncryptFrom kms:ReEncryptTo
`);

/**
 * Writes that change nothing of value: telemetry, network plumbing of workloads, and devices for a second factor that
 * nobody has (one in use cannot be deleted).
 */
export const HARMLESS_ACTIONS: readonly string[] = words(`
logs:CreateLogGroup logs:CreateLogStream logs:PutLogEvents logs:CreateLog* logs:Put*
xray:PutTraceSegments xray:PutTelemetryRecords xray:Put* cloudwatch:PutMetricData
ec2:CreateNetworkInterface ec2:DeleteNetworkInterface ec2:AssignPrivateIpAddresses ec2:UnassignPrivateIpAddresses
ec2:AttachNetworkInterface ec2:DetachNetworkInterface ec2:ModifyNetworkInterfaceAttribute
logs:PutRetentionPolicy ssmmessages:* ec2messages:* ssm:UpdateInstanceInformation ssm:PutInventory
ssm:PutComplianceItems ssm:PutConfigurePackageResult ssm:UpdateAssociationStatus ssm:UpdateInstanceAssociationStatus
iam:CreateVirtualMFADevice iam:DeleteVirtualMFADevice
`);

/** Writes to what is the caller's own, whatever a statement names: the environments of its shell. */
export const CALLERS_OWN: readonly string[] = words(`
cloudshell:DeleteEnvironment cloudshell:StopEnvironment cloudshell:PutCredentials
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
  return lines.map((line) => {
    const actions = [...common, ...words(line)];
    return gain === 'passed-role' ? { actions, gain, takers: takersOf(words(line)) } : { actions, gain };
  });
}

function takersOf([first = '']: readonly string[]): readonly string[] {
  const service = first.slice(0, first.indexOf(':'));
  // A launch template and an instance both end as an instance.
  return TAKERS[service] ?? [`${service}.amazonaws.com`];
}

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
