import { childBodies } from '../../../lib/hcl/index.ts';
import { byId, type Drafts, setFacts } from '../../shared/identity-drafts.ts';
import { addKubernetes } from '../../shared/kubernetes/graph.ts';
import { type Manifest, manifestId, toManifest } from '../../shared/kubernetes/manifest.ts';
import { declaredBlock, principalId, repositoryKey } from '../declare.ts';
import { attributeValue, evidenceOf, type TerraformBlock, type TerraformModule } from '../module.ts';
import { resolve } from '../resolve.ts';
import { listObjects } from './objects.ts';

/** An object of a cluster, with what Terraform says beside it. */
interface Declared {
  readonly module: TerraformModule;
  readonly block: TerraformBlock;
  readonly manifest: Manifest;
}

/** The objects of all modules of a call of the collector. */
export interface KubernetesRun {
  readonly drafts: Drafts;
  /** One list for each cluster. */
  readonly clusters: Declared[][];
}

export function createKubernetesRun(drafts: Drafts): KubernetesRun {
  return { drafts, clusters: [] };
}

/**
 * Reads objects of the Kubernetes provider. A module cannot declare one object of a cluster twice, so a second one of
 * the same name is of another cluster.
 */
export function collectKubernetes(module: TerraformModule, { clusters }: KubernetesRun): void {
  const seen = new Map<string, number>();
  for (const { block, value } of listObjects(module)) {
    const first = toManifest(value, module.repository, () => evidenceOf(block));
    if (first === undefined) continue;
    const id = manifestId(first);
    const index = seen.get(id) ?? 0;
    seen.set(id, index + 1);
    const manifest = index === 0 ? first : { ...first, repository: `${module.repository}~${index + 1}` };
    const cluster = clusters[index] ?? [];
    clusters[index] = cluster;
    cluster.push({ module, block, manifest });
  }
}

/** Judges what was read, as the manifests of each cluster are. */
export function finishKubernetes({ drafts, clusters }: KubernetesRun): void {
  for (const cluster of clusters) {
    addKubernetes(
      drafts,
      cluster.map(({ manifest }) => manifest),
    );
    for (const declared of cluster) addTerraform(drafts, declared);
  }
}

function addTerraform(drafts: Drafts, { module, block, manifest }: Declared): void {
  const draft = drafts.known(manifestId(manifest));
  if (draft === undefined) return;
  const evidence = evidenceOf(block);
  for (const call of block.calledBy ?? []) drafts.detail(draft, evidenceOf(call));
  if (module.state) setFacts(draft, { stateCommitted: true }, evidence.source);
  drafts.edge(draft.id, 'declares', repositoryKey(module), evidence, true);
  if (manifest.kind === 'ServiceAccount') addDeclaredRole(module, drafts, draft.id, block);
}

/** The role is usually written as a reference: `aws_iam_role.app.arn`. */
function addDeclaredRole(module: TerraformModule, drafts: Drafts, id: string, block: TerraformBlock): void {
  const [metadata] = childBodies(block.body, 'metadata');
  const value = metadata === undefined ? undefined : attributeValue(metadata, 'annotations');
  const map = value === undefined ? undefined : resolve(module, value);
  if (typeof map !== 'object' || map === null) return;
  const role = new Map(Object.entries(map)).get('eks.amazonaws.com/role-arn');
  const declared = typeof role === 'string' ? declaredBlock(module, role) : undefined;
  if (declared !== undefined) drafts.edge(id, 'can-assume', byId(principalId(module, declared)), evidenceOf(block));
}
