import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type Collected, defineCollector } from '../contract.ts';
import { Drafts } from '../shared/identity-drafts.ts';
import { isGap, readYamlDocuments } from '../shared/yaml-documents.ts';
import { addAccounts } from './accounts.ts';
import { type Manifest, readManifests } from './manifest.ts';
import { isTemplate, withoutTemplates } from './template.ts';
import { addWorkloads } from './workloads.ts';

const SCOPE = 'declarations';

/**
 * Kubernetes manifests: service accounts with what their bindings grant, workloads that use them, and Secret objects.
 * Bindings and roles may stand in other files of the same repository. Unrendered Helm templates are read as far as they
 * are YAML without their directives. https://kubernetes.io/docs/reference/access-authn-authz/rbac/
 */
export default defineCollector({
  id: 'kubernetes',
  title: 'Kubernetes manifests',
  reads: 'artifact',
  permissions: [],
  accepts: (path) => /\.(?:ya?ml|json)$/.test(path) && !path.startsWith('.github/'),
  sniff,
  collect,
});

function sniff(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1 << 20)).toString('latin1');
  return /(?:^|[{,])\s*["']?apiVersion["']?\s*:/m.test(text) && /(?:^|[{,])\s*["']?kind["']?\s*:/m.test(text);
}

async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<Collected> {
  const manifests: Manifest[] = [];
  for (const file of files) {
    const template = isTemplate(file);
    const documents = await readYamlDocuments(template ? withoutTemplates(file) : file);
    if (!isGap(documents)) manifests.push(...documents.flatMap((document) => readManifests(file, document)));
    else if (template) yield { kind: 'skip', scope: SCOPE, skip: { reason: 'template', subject: file.origin.path } };
    else yield { kind: 'gap', scope: SCOPE, gap: documents };
  }
  const drafts = new Drafts();
  addAccounts(drafts, manifests);
  addWorkloads(drafts, manifests);
  yield* drafts.collected();
}
