import type { Gap } from '../../model/gap.ts';
import type { ClientFile } from '../shared/client-files/client-file.ts';
import { isLiteral } from '../shared/client-files/value-kind.ts';
import { addKey, byId, type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { asObject, asText, type Loose } from '../shared/loose.ts';
import { readYamlDocuments } from '../shared/yaml-documents.ts';

const EMAIL = /^[\w.-]{1,100}@[\w.-]{1,200}$/;
const IMPERSONATED = /serviceAccounts\/([^/:]{1,300}):generateAccessToken$/;

/** Reads a credential of Google: a key of a service account, a person's login, a federated or borrowed identity. */
export async function readGoogle(file: ClientFile, drafts: Drafts): Promise<readonly Gap[]> {
  const { documents, gaps } = await readYamlDocuments({ origin: file.origin, bytes: Buffer.from(file.text) });
  const credential = asObject(documents[0]?.value);
  const kind = asText(credential['type']);
  if (kind === 'service_account') addServiceAccountKey(file, drafts, credential);
  else if (kind === 'authorized_user' || kind === 'external_account' || kind === 'impersonated_service_account') {
    addApplicationCredential(file, drafts, credential, kind);
  }
  // Many files of other programs are called credentials.json.
  return kind === undefined && !/application_default/.test(file.path) ? [] : gaps;
}

function addServiceAccountKey(file: ClientFile, drafts: Drafts, credential: Loose): void {
  const [email = '', keyId = ''] = [asText(credential['client_email']), asText(credential['private_key_id'])];
  const literal = isLiteral(asText(credential['private_key']));
  if (!EMAIL.test(email) || !/^[0-9a-f]{8,64}$/i.test(keyId) || literal !== true) return;
  const account = asText(credential['project_id']);
  const evidence = file.evidence(1);
  const owner = `gcp:service-account:${email}`;
  const head = { provider: 'gcp', account };
  addKey(
    drafts.identity({ ...head, id: owner, type: 'gcp_service_account', name: email }, evidence),
    'gcp-service-account',
    email,
  );
  const id = `gcp:sa-key:${keyId}`;
  const key = drafts.identity({ ...head, id, type: 'gcp_sa_key', name: keyId }, evidence);
  setFacts(key, { authMethod: 'key_pair', literal, storage: 'plaintext_file' }, file.path);
  addKey(key, 'gcp-key-id', keyId);
  drafts.edge(owner, 'has-credential', byId(id), evidence);
}

function addApplicationCredential(file: ClientFile, drafts: Drafts, credential: Loose, kind: string): void {
  const source = kind === 'impersonated_service_account' ? asObject(credential['source_credentials']) : credential;
  const refresh = isLiteral(asText(source['refresh_token']));
  const evidence = file.evidence(1);
  const id = `gcp-credential:${file.repository}:${file.path}`;
  const account = asText(credential['quota_project_id']);
  const head = { id, type: 'gcp_application_credential', provider: 'gcp', name: file.path, account };
  const draft = drafts.identity(head, evidence);
  const isPerson = source['refresh_token'] !== undefined;
  const facts = {
    authMethod: isPerson ? 'oauth_refresh' : kind === 'external_account' ? 'federated_oidc' : undefined,
    humanUse: isPerson,
    literal: isPerson ? refresh : false,
    storage: refresh === true ? 'plaintext_file' : undefined,
  };
  setFacts(draft, facts, file.path);
  const email = IMPERSONATED.exec(asText(credential['service_account_impersonation_url']) ?? '')?.[1];
  if (email === undefined || !EMAIL.test(email)) return;
  drafts.edge(id, 'can-assume', { kind: 'gcp-service-account', value: email }, evidence);
}
