import type { Gap } from '../../model/gap.ts';
import type { ClientFile } from '../shared/client-files/client-file.ts';
import { addRegistryCredential } from '../shared/client-files/registry-credential.ts';
import type { Drafts } from '../shared/identity-drafts.ts';
import { asObject, asText } from '../shared/loose.ts';
import { readYamlDocuments } from '../shared/yaml-documents.ts';

const DEFAULT_NAME = ':rubygems_api_key';
const DEFAULT_HOST = 'https://rubygems.org';

/** Reads `.gem/credentials`: YAML with a key for each host; `:rubygems_api_key` is that of rubygems.org. */
export async function readGem(file: ClientFile, drafts: Drafts): Promise<readonly Gap[]> {
  const { documents, gaps } = await readYamlDocuments({ origin: file.origin, bytes: Buffer.from(file.text) });
  for (const document of documents) {
    for (const [name, value] of Object.entries(asObject(document.value))) {
      addRegistryCredential(file, drafts, {
        ecosystem: 'rubygems',
        url: name === DEFAULT_NAME ? DEFAULT_HOST : name.replace(/^:/, ''),
        secrets: [asText(value)],
        authMethod: 'static_secret',
        line: document.place([name], 'key').start.line,
      });
    }
  }
  return gaps;
}
