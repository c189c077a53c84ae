import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';
import { withoutExampleEnd } from '../shared/client-files/example.ts';
import { holdsAny } from '../shared/sniff.ts';
import { isManifest, MARKS } from './kinds.ts';

/**
 * Manifests of apps and OAuth clients: what an app asks for, and how its tokens live. Slack, GitHub, Entra, Google,
 * Chrome, Atlassian, Salesforce (with permission sets), Teams, Shopify.
 * https://docs.slack.dev/reference/app-manifest
 * https://learn.microsoft.com/en-us/entra/identity-platform/reference-app-manifest
 */
export default defineCollector({
  id: 'app-manifests',
  title: 'Manifests of apps and OAuth clients',
  reads: 'artifact',
  permissions: [],
  marks: [
    'manifest',
    'slack',
    'app.y',
    'registration',
    'atlassian-connect',
    'client_secret',
    'credentials.json',
    'appsscript',
    'shopify.app',
    '.connectedapp',
    '.permissionset',
    '.profile',
  ],
  accepts: (path) => isManifest(withoutExampleEnd(path)),
  sniff,
  collect,
});

/** Most files of these names are of other programs. */
function sniff(bytes: Uint8Array): boolean {
  return holdsAny(bytes, MARKS);
}

/** Loads the readers lazily, because most runs need none. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const { collectManifests } = await import('./collect.ts');
  yield* collectManifests(files);
}
