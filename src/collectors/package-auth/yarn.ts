import type { YamlDocument, YamlPath } from '../../lib/yaml/read.ts';
import type { Gap } from '../../model/gap.ts';
import type { ClientFile } from '../shared/client-files/client-file.ts';
import { addRegistryCredential } from '../shared/client-files/registry-credential.ts';
import type { Drafts } from '../shared/identity-drafts.ts';
import { asObject, asText, type Loose } from '../shared/loose.ts';
import { readYamlDocuments } from '../shared/yaml-documents.ts';

const DEFAULT_REGISTRY = 'https://registry.yarnpkg.com';

/** Reads `.yarnrc.yml` of Yarn 2 and later: settings for all registries, for one, and for a scope. */
export async function readYarn(file: ClientFile, drafts: Drafts): Promise<readonly Gap[]> {
  const { documents, gaps } = await readYamlDocuments({ origin: file.origin, bytes: Buffer.from(file.text) });
  for (const document of documents) addAll(file, drafts, document);
  return gaps;
}

function addAll(file: ClientFile, drafts: Drafts, document: YamlDocument): void {
  const root = asObject(document.value);
  const registry = asText(root['npmRegistryServer']) ?? DEFAULT_REGISTRY;
  const strict = root['enableStrictSsl'] !== false;
  const add = (settings: Loose, url: string, path: YamlPath): void => {
    const [token, pair] = [asText(settings['npmAuthToken']), asText(settings['npmAuthIdent'])];
    addRegistryCredential(file, drafts, {
      ecosystem: 'npm',
      url,
      user: pair?.includes(':') === true ? pair.slice(0, pair.indexOf(':')) : undefined,
      secrets: [token, pair],
      authMethod: token === undefined ? 'password' : 'static_secret',
      line: document.place([...path, token === undefined ? 'npmAuthIdent' : 'npmAuthToken'], 'key').start.line,
      facts: { alwaysSent: (settings['npmAlwaysAuth'] ?? root['npmAlwaysAuth']) === true, tlsVerified: strict },
    });
  };
  add(root, registry, []);
  for (const [host, settings] of Object.entries(asObject(root['npmRegistries']))) {
    add(asObject(settings), host, ['npmRegistries', host]);
  }
  for (const [scope, settings] of Object.entries(asObject(root['npmScopes']))) {
    add(asObject(settings), asText(asObject(settings)['npmRegistryServer']) ?? registry, ['npmScopes', scope]);
  }
}
