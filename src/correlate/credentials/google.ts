import { defineCredentialReader } from '../contract.ts';
import { keyList, nearbyKey, ownKey } from '../shared/found-facts.ts';

const ACCOUNT = /^[^@\s]+@(?<project>[a-z0-9.-]+)\.iam\.gserviceaccount\.com$/;

/** Keys of service accounts of Google Cloud: the file names the key, the account and the project. */
export default defineCredentialReader({
  id: 'google',
  title: 'keys of service accounts of Google Cloud, with account and project',
  read(secret) {
    const keyId = ownKey(secret, 'gcp-key-id');
    const email = ownKey(secret, 'gcp-service-account');
    if (email === undefined) {
      const near = secret.rule.provider === 'google' ? nearbyKey(secret, 'gcp-project') : undefined;
      return near === undefined ? undefined : { account: near };
    }
    const project = ACCOUNT.exec(email)?.groups?.['project'];
    const principal = {
      id: `gcp:service-account:${email}`,
      type: 'gcp_service_account',
      provider: 'gcp',
      name: email,
      account: project,
      keys: keyList('gcp-service-account', email),
      confidence: 'proven',
    } as const;
    if (keyId === undefined) return { principals: [principal], account: project };
    const credential = {
      id: `gcp:sa-key:${keyId}`,
      type: 'gcp_sa_key',
      provider: 'gcp',
      name: keyId,
      account: project,
      keys: keyList('gcp-key-id', keyId),
      facts: { authMethod: 'key_pair' },
    };
    return { credential, principals: [principal] };
  },
});
