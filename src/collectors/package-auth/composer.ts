import type { Gap } from '../../model/gap.ts';
import type { ClientFile } from '../shared/client-files/client-file.ts';
import { addRegistryCredential } from '../shared/client-files/registry-credential.ts';
import type { Drafts } from '../shared/identity-drafts.ts';
import { asObject, asText, asTexts } from '../shared/loose.ts';
import { readYamlDocuments } from '../shared/yaml-documents.ts';

const METHODS = [
  'http-basic',
  'bearer',
  'github-oauth',
  'gitlab-token',
  'gitlab-oauth',
  'bitbucket-oauth',
  'forgejo-token',
];

/** Reads `auth.json` of Composer: hosts by the way of logging in. Other files of this name have none of its keys. */
export async function readComposer(file: ClientFile, drafts: Drafts): Promise<readonly Gap[]> {
  const { documents, gaps } = await readYamlDocuments({ origin: file.origin, bytes: Buffer.from(file.text) });
  for (const document of documents) {
    const root = asObject(document.value);
    for (const method of METHODS) {
      for (const [host, login] of Object.entries(asObject(root[method]))) {
        const parts = asObject(login);
        const secrets = ['password', 'token', 'consumer-secret'].map((name) => asText(parts[name]));
        addRegistryCredential(file, drafts, {
          ecosystem: 'composer',
          url: host,
          user: asText(parts['username']) ?? asText(parts['consumer-key']),
          secrets: [...secrets, ...asTexts(typeof login === 'string' ? login : undefined)],
          authMethod: method === 'http-basic' ? 'password' : 'static_secret',
          line: document.place([method, host], 'key').start.line,
        });
      }
    }
  }
  return gaps;
}
