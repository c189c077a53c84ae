import { childBodies } from '../../../lib/hcl/index.ts';
import { type Draft, type Drafts, setFacts } from '../../shared/identity-drafts.ts';
import { addDeclared } from '../declare.ts';
import {
  attributeValue,
  declaredId,
  evidenceOf,
  resourcesOf,
  type TerraformBlock,
  type TerraformModule,
} from '../module.ts';
import { resolve, stringMapOf, textOf } from '../resolve.ts';
import { readCondition } from './conditions.ts';

/**
 * Reads `principalSet://…/attribute.repository/<owner>/<name>`, `principal://…/subject/<subject>`, or a Kubernetes
 * account.
 */
export function addFederated(
  drafts: Drafts,
  target: Draft,
  member: string,
  source: string,
  block: TerraformBlock,
): void {
  const evidence = evidenceOf(block);
  const repository = /^principalSet:\/\/.*\/attribute\.repository\/([\w.-]+\/[\w.-]+)$/.exec(member)?.[1];
  const subject = /^principal:\/\/.*\/subject\/repo:([\w.-]+\/[\w.-]+):/.exec(member)?.[1];
  const named = repository ?? subject;
  if (named !== undefined)
    drafts.edge(target.id, 'trusted-by', { kind: 'repository', value: named.toLowerCase() }, evidence, true);
  const account = /\.svc\.id\.goog\[([\w-]+)\/([\w-]+)\]$/.exec(member);
  if (account !== null) {
    const value = `${account[1]}:${account[2]}`;
    drafts.edge(target.id, 'can-assume', { kind: 'kubernetes-service-account', value }, evidence, true);
  }
  if (/^principalSet:\/\/.*\/\*$/.test(member)) setFacts(target, { oidcSubjectWildcard: true }, source);
}

/** Adds the providers of workload identity pools, with what their conditions let in. */
export function addWorkloadProviders(module: TerraformModule, drafts: Drafts): void {
  for (const block of resourcesOf(module, 'google_iam_workload_identity_pool_provider')) {
    addWorkloadProvider(module, drafts, block);
  }
}

function addWorkloadProvider(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  const evidence = evidenceOf(block);
  const name = textOf(module, block, 'workload_identity_pool_provider_id') ?? block.name;
  const id = declaredId(module, block.address);
  const draft = addDeclared(module, drafts, block, { id, type: 'workload_identity_provider', provider: 'gcp', name });
  const [oidc] = childBodies(block.body, 'oidc');
  const issuer = oidc === undefined ? undefined : attributeValue(oidc, 'issuer_uri');
  const url = issuer === undefined ? undefined : resolve(module, issuer);
  const written = attributeValue(block, 'attribute_condition');
  const present = written !== undefined && written.kind !== 'null';
  const condition = written === undefined ? undefined : resolve(module, written);
  const mapping = stringMapOf(module, attributeValue(block, 'attribute_mapping'));
  const facts = {
    issuer: typeof url === 'string' && !url.includes('${') ? url : undefined,
    attributeCondition: present,
    conditionLetsIn:
      typeof condition === 'string' && !condition.includes('${') ? readCondition(condition, mapping) : undefined,
    authMethod: oidc === undefined ? undefined : 'federated_oidc',
  };
  setFacts(draft, facts, evidence.source);
}
