import { type CredentialReading, defineCredentialReader, type FoundSecret } from '../contract.ts';
import { keyList, nearbyKey, ownKey, textFact } from '../shared/found-facts.ts';

/** Policies that Azure makes with every namespace: they may manage it. */
const ROOT_POLICIES = new Set(['RootManageSharedAccessKey', 'iothubowner']);

/** Secrets of Azure: the application by its client id, storage accounts, and access policies by host and name. */
export default defineCredentialReader({
  id: 'azure',
  title: 'secrets of Azure, with application, storage account or access policy',
  read(secret) {
    if (secret.rule.provider !== 'azure') return undefined;
    return readDelegation(secret) ?? readStorage(secret) ?? readPolicy(secret) ?? readApplication(secret);
  },
});

function readApplication(secret: FoundSecret): CredentialReading | undefined {
  // A client id beside the key of a storage account says nothing about that key.
  const beside =
    secret.rule.credential.type === 'oauth_client_secret' ? nearbyKey(secret, 'azure-client-id') : undefined;
  const clientId = (ownKey(secret, 'azure-client-id') ?? beside)?.toLowerCase();
  if (clientId === undefined) return undefined;
  const tenant = textFact(secret, 'tenantId') ?? secret.parts['tenant'] ?? nearbyKey(secret, 'azure-tenant-id');
  const application = {
    id: `azure:application:${clientId}`,
    type: 'azure_application',
    provider: 'azure',
    name: clientId,
    account: tenant,
    keys: keyList('azure-client-id', clientId),
    confidence: 'strong',
  } as const;
  return { principals: [application], account: tenant };
}

/** A shared access signature that a user or application delegated names the object that did. */
function readDelegation(secret: FoundSecret): CredentialReading | undefined {
  const object = ownKey(secret, 'azure-object-id');
  if (object === undefined) return undefined;
  const tenant = textFact(secret, 'tenantId');
  const principal = {
    id: `azure:object:${object}`,
    type: 'azure_principal',
    provider: 'azure',
    name: object,
    account: tenant,
    keys: keyList('azure-object-id', object),
    confidence: 'proven',
  } as const;
  return { principals: [principal], account: tenant, facts: { scopes: scopesOf(secret) } };
}

function readStorage(secret: FoundSecret): CredentialReading | undefined {
  const account = secret.parts['account'];
  if (account === undefined)
    return scopesOf(secret) === undefined ? undefined : { facts: { scopes: scopesOf(secret) } };
  const storage = {
    id: `azure:storage-account:${account}`,
    type: 'azure_storage_account',
    provider: 'azure',
    name: account,
    keys: keyList('azure-storage-account', account),
    confidence: 'proven',
  } as const;
  return { principals: [storage], account };
}

function readPolicy(secret: FoundSecret): CredentialReading | undefined {
  const { host, id: policy } = secret.parts;
  if (host === undefined || policy === undefined) return host === undefined ? undefined : { account: host };
  const name = {
    id: `azure:access-policy:${host.toLowerCase()}:${policy}`,
    type: 'azure_access_policy',
    provider: 'azure',
    name: policy,
    account: host.toLowerCase(),
    keys: keyList('azure-access-policy', `${host.toLowerCase()}|${policy}`),
    facts: ROOT_POLICIES.has(policy) ? { privilegeTier: 1, resourceScope: 'all' } : {},
    confidence: 'proven',
  } as const;
  return { principals: [name] };
}

/** What a shared access signature permits, letter by letter: `r`, `w`, `d`. */
function scopesOf(secret: FoundSecret): readonly string[] | undefined {
  const letters = textFact(secret, 'permissions');
  return letters === undefined || !/^[a-z]{1,20}$/.test(letters) ? undefined : [...letters];
}
