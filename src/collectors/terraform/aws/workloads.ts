import { byId, type Drafts } from '../../shared/identity-drafts.ts';
import { addDeclared, principalId } from '../declare.ts';
import {
  attributeValue,
  childOf,
  declaredId,
  evidenceOf,
  resourcesOf,
  type TerraformBlock,
  type TerraformModule,
} from '../module.ts';
import { findBlock, textOf } from '../resolve.ts';
import { addTags } from './declare.ts';

/** What runs with a role, and the attributes that name the role or the profile. */
const WORKLOADS: Readonly<Record<string, readonly string[]>> = {
  aws_instance: ['iam_instance_profile'],
  aws_launch_template: [],
  aws_lambda_function: ['role'],
  aws_ecs_task_definition: ['task_role_arn', 'execution_role_arn'],
  aws_codebuild_project: ['service_role'],
  aws_eks_cluster: ['role_arn'],
  aws_eks_node_group: ['node_role_arn'],
};
const NAMES = ['name', 'function_name', 'family', 'cluster_name', 'node_group_name'];

/** Reads instance profiles, and what runs with a role. */
export function collectWorkloads(module: TerraformModule, drafts: Drafts): void {
  for (const block of resourcesOf(module, 'aws_iam_instance_profile')) addProfile(module, drafts, block);
  for (const [type, attributes] of Object.entries(WORKLOADS)) {
    for (const block of resourcesOf(module, type)) addWorkload(module, drafts, block, attributes);
  }
}

function addProfile(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  const id = principalId(module, block);
  const name = textOf(module, block, 'name') ?? block.name;
  const draft = addDeclared(module, drafts, block, { id, type: 'aws_instance_profile', provider: 'aws', name });
  addTags(module, drafts, draft, block);
  const role = findBlock(module, attributeValue(block, 'role'), ['aws_iam_role'], ['name', 'id']);
  if (role?.mode === 'resource') drafts.edge(id, 'uses', byId(principalId(module, role)), evidenceOf(block));
}

/** Only what names a role or profile of the module is an entry: others use nothing that is known here. */
function addWorkload(
  module: TerraformModule,
  drafts: Drafts,
  block: TerraformBlock,
  attributes: readonly string[],
): void {
  const profile = childOf(block, 'iam_instance_profile');
  const used = [
    ...attributes.map((name) => attributeValue(block, name)),
    ...(profile === undefined ? [] : [attributeValue(profile, 'name'), attributeValue(profile, 'arn')]),
  ].flatMap(
    (value) => findBlock(module, value, ['aws_iam_role', 'aws_iam_instance_profile'], ['name', 'id', 'arn']) ?? [],
  );
  const declared = used.filter(({ mode }) => mode === 'resource');
  if (declared.length === 0) return;
  const id = declaredId(module, block.address);
  const name = NAMES.map((key) => textOf(module, block, key)).find((text) => text !== undefined) ?? block.name;
  const draft = addDeclared(module, drafts, block, { id, type: 'aws_workload', provider: 'aws', name });
  addTags(module, drafts, draft, block);
  for (const target of declared) drafts.edge(id, 'uses', byId(principalId(module, target)), evidenceOf(block));
}
