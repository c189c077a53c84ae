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
ecs:RunTask
ecs:StartTask
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
airflow:CreateEnvironment
apigateway:POST apigateway:PUT
appsync:CreateDataSource appsync:CreateResolver
bedrock-agentcore:CreateAgentRuntime bedrock-agentcore:InvokeAgentRuntime
braket:CreateJob
budgets:CreateBudgetAction
cloudformation:CreateChangeSet cloudformation:ExecuteChangeSet
cloudformation:CreateResource
cloudformation:UpdateStack
codecatalyst:AssociateIamRoleToConnection
config:PutConformancePack
config:PutRemediationConfigurations
ec2:CreateLaunchTemplate ec2:CreateFleet
ec2:RequestSpotFleet
emr-serverless:CreateApplication emr-serverless:StartJobRun
gamelift:CreateBuild gamelift:CreateFleet
kinesisanalytics:CreateApplication kinesisanalytics:StartApplication
panorama:CreateApplicationInstance
pipes:CreatePipe
proton:CreateEnvironmentTemplateVersion proton:CreateEnvironment
sagemaker:CreateHyperParameterTuningJob
sagemaker:CreateModel sagemaker:CreateEndpointConfig sagemaker:CreateEndpoint
sagemaker:CreateModel sagemaker:CreateTransformJob
sagemaker:CreatePipeline sagemaker:StartPipelineExecution
servicecatalog:CreateProduct servicecatalog:CreateConstraint servicecatalog:ProvisionProduct
ssm:CreateActivation
synthetics:CreateCanary synthetics:StartCanary
rolesanywhere:CreateTrustAnchor rolesanywhere:CreateProfile
bedrock-agentcore:CreateCodeInterpreter bedrock-agentcore:StartCodeInterpreterSession bedrock-agentcore:InvokeCodeInterpreter
`;

/** The sso sets count only in the account that runs Identity Center, so alone they prove nothing. */
const EXISTING = `
sso:PutInlinePolicyToPermissionSet sso:ProvisionPermissionSet
sso:AttachManagedPolicyToPermissionSet sso:ProvisionPermissionSet
sso:CreateAccountAssignment
sts:AssumeRole
sts:AssumeRoot
iq-permission:AssumePermissionRole
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
  airflow: ['airflow.amazonaws.com', 'airflow-env.amazonaws.com'],
  codecatalyst: ['codecatalyst.amazonaws.com', 'codecatalyst-runner.amazonaws.com'],
  config: ['ssm.amazonaws.com'],
  gamelift: ['gamelift.amazonaws.com', 'ec2.amazonaws.com'],
  synthetics: ['lambda.amazonaws.com'],
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
