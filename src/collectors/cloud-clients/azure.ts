import type { YamlDocument } from '../../lib/yaml/read.ts';
import type { Gap } from '../../model/gap.ts';
import type { ClientFile } from '../shared/client-files/client-file.ts';
import { isLiteral } from '../shared/client-files/value-kind.ts';
import type { Drafts } from '../shared/identity-drafts.ts';
import { asList, asObject, asText, type Loose } from '../shared/loose.ts';
import { readYamlDocuments } from '../shared/yaml-documents.ts';
import { addCloudLogin } from './login.ts';

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Reads files of the Azure CLI: subscriptions and who is logged in (`azureProfile.json`), tokens (`accessTokens.json`,
 * `msal_token_cache.json`) and secrets of applications (`service_principal_entries.json`).
 */
export async function readAzure(file: ClientFile, drafts: Drafts): Promise<readonly Gap[]> {
  const { documents, gaps } = await readYamlDocuments({ origin: file.origin, bytes: Buffer.from(file.text) });
  const add = /azureprofile/i.test(file.path) ? addSubscriptions : /msal_/i.test(file.path) ? addCache : addTokens;
  for (const document of documents) add(file, drafts, document);
  return gaps;
}

function addSubscriptions(file: ClientFile, drafts: Drafts, document: YamlDocument): void {
  for (const [index, entry] of listIn(asObject(document.value)['subscriptions'])) {
    const [id, user] = [asText(entry['id']) ?? '', asObject(entry['user'])];
    if (!GUID.test(id)) continue;
    const kind = asText(user['type']);
    addCloudLogin(file, drafts, {
      provider: 'azure',
      name: asText(entry['name']) ?? id,
      part: id.toLowerCase(),
      account: asText(entry['tenantId']),
      clientId: kind === 'servicePrincipal' ? asText(user['name']) : undefined,
      facts: { humanUse: kind === undefined ? undefined : kind === 'user' },
      line: document.place(['subscriptions', index]).start.line,
    });
  }
}

/** A list of tokens: those of people have a refresh token, those of applications have the secret itself. */
function addTokens(file: ClientFile, drafts: Drafts, document: YamlDocument): void {
  for (const [index, entry] of listIn(document.value)) {
    const client = asText(entry['servicePrincipalId'] ?? entry['client_id']);
    const isPerson = client === undefined;
    const secret = isPerson ? entry['refreshToken'] : (entry['client_secret'] ?? entry['accessToken']);
    const literal = isLiteral(asText(secret));
    if (literal === undefined) continue;
    addCloudLogin(file, drafts, {
      provider: 'azure',
      name: client ?? `login ${index + 1}`,
      part: client ?? String(index + 1),
      account: asText(entry['servicePrincipalTenant'] ?? entry['tenant']),
      clientId: client,
      facts: {
        authMethod: isPerson ? 'oauth_refresh' : 'static_secret',
        humanUse: isPerson,
        literal,
        storage: literal ? 'plaintext_file' : undefined,
      },
      line: document.place([index]).start.line,
    });
  }
}

/** The cache of MSAL: a refresh token for each account. */
function addCache(file: ClientFile, drafts: Drafts, document: YamlDocument): void {
  const tokens = Object.entries(asObject(asObject(document.value)['RefreshToken']));
  for (const [key, value] of tokens) {
    const entry = asObject(value);
    const literal = isLiteral(asText(entry['secret']));
    const [object = '', tenant] = (asText(entry['home_account_id']) ?? '').split('.');
    if (literal === undefined || !GUID.test(object)) continue;
    addCloudLogin(file, drafts, {
      provider: 'azure',
      name: `login ${object}`,
      part: object,
      account: tenant,
      facts: { authMethod: 'oauth_refresh', humanUse: true, literal, storage: literal ? 'plaintext_file' : undefined },
      line: document.place(['RefreshToken', key]).start.line,
    });
  }
}

function listIn(value: unknown): readonly (readonly [index: number, entry: Loose])[] {
  return asList(value).map((entry, index) => [index, asObject(entry)] as const);
}
