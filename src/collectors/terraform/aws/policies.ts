import { analysePermissions } from '../../../permissions/aws/analyse.ts';
import type { PolicyDocument } from '../../../permissions/aws/document.ts';
import { readPolicyDocument } from '../../../permissions/aws/document.ts';
import { analyseTrust } from '../../../permissions/aws/trust.ts';
import { kindOfPolicy } from '../../shared/aws-policy-kind.ts';
import { addPermissions, addTrust } from '../../shared/aws-principal.ts';
import type { Drafts } from '../../shared/identity-drafts.ts';
import { addDeclared } from '../declare.ts';
import {
  attributeValue,
  declaredId,
  evidenceOf,
  resourcesOf,
  type TerraformBlock,
  type TerraformModule,
} from '../module.ts';
import { isNeverMade } from '../nothing.ts';
import { policyDocumentData } from '../policy-document.ts';
import { resolve } from '../resolve.ts';
import { documentOf, documentsOf, managedPolicy, nameOf, principal } from './attachments.ts';
import { addAws, addPlaces, ownAccountsOf } from './declare.ts';
import { addPolicy } from './resource-policies.ts';

/** Reads policies, also those that nothing declared here has or uses. */
export function collectPolicies(module: TerraformModule, drafts: Drafts): void {
  for (const block of resourcesOf(module, 'aws_iam_policy')) addOwnPolicy(module, drafts, block);
  for (const kind of ['user', 'role', 'group'] as const) {
    for (const block of resourcesOf(module, `aws_iam_${kind}_policy`)) {
      // Who has it cannot be named: the policy stands for itself.
      const value = attributeValue(block, kind);
      const isNamed = principal(module, value, kind) !== undefined || nameOf(module, value) !== undefined;
      if (!isNamed) addOwnPolicy(module, drafts, block);
    }
  }
  for (const block of [...module.blocks.values()].filter(({ mode }) => mode === 'data')) {
    if (module.used.has(block.address)) continue;
    if (block.type === 'aws_iam_policy_document' && !isNeverMade(module, block, new Map()))
      addDocument(module, drafts, block);
    if (block.type === 'aws_iam_policy') addNamedPolicy(module, drafts, block);
  }
}

function addOwnPolicy(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  const draft = addAws(module, drafts, block, 'iam_policy');
  const { source } = evidenceOf(block);
  addPlaces(drafts, draft, documentsOf(module, block));
  const document = documentOf(module, block, attributeValue(block, 'policy'));
  addPermissions(draft, analysePermissions([{ name: draft.name, source, document }]), source);
}

/** A data source that names a policy of AWS, or of the account. */
function addNamedPolicy(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  const value = { kind: 'reference', path: block.address.split('.'), text: '', start: 0, end: 0 } as const;
  const policy = managedPolicy(module, block, { ...value, path: [...value.path, 'arn'] });
  if (policy.document === undefined) return;
  const id = declaredId(module, block.address);
  const draft = addDeclared(module, drafts, block, { id, type: 'iam_policy', provider: 'aws', name: policy.name });
  addPermissions(draft, analysePermissions([policy]), evidenceOf(block).source);
}

/** A document that nothing uses: a trust policy, the policy of a resource, or permissions. */
function addDocument(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  const data = policyDocumentData(block, (value) => resolve(module, value));
  const evidence = evidenceOf(block);
  const document = readPolicyDocument(data, evidence.location);
  if (document.statements.length === 0) return;
  const kind = kindOfPolicy(document);
  if (kind === 'resource') {
    addPolicy(module, drafts, block, document, ownAccountsOf(module));
    return;
  }
  const draft = addAws(module, drafts, block, kind === 'trust' ? 'aws_trust_policy' : 'iam_policy');
  if (kind === 'trust') addTrust(drafts, draft, trustOf(document, module), evidence.source, evidence);
  else
    addPermissions(
      draft,
      analysePermissions([{ name: draft.name, source: evidence.source, document }]),
      evidence.source,
    );
}

function trustOf(document: PolicyDocument, module: TerraformModule): ReturnType<typeof analyseTrust> {
  return analyseTrust(document, ownAccountsOf(module));
}
