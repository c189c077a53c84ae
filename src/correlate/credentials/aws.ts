import { defineCredentialReader, type FoundSecret, type NamedNode } from '../contract.ts';
import { keyList, nearbyKey, ownKey, textFact } from '../shared/found-facts.ts';

/** Access keys of AWS: the id names the key, and the account number stands in the id. */
export default defineCredentialReader({
  id: 'aws',
  title: 'access keys of AWS, with their account',
  read(secret) {
    if (secret.rule.provider !== 'aws') return undefined;
    const keyId = ownKey(secret, 'aws-access-key-id');
    return keyId === undefined ? { account: accountOf(secret) } : { credential: keyNode(secret, keyId) };
  },
});

function keyNode(secret: FoundSecret, keyId: string): NamedNode {
  return {
    id: `aws:access-key:${keyId}`,
    type: 'access_key',
    provider: 'aws',
    name: keyId,
    account: accountOf(secret),
    keys: keyList('aws-access-key-id', keyId),
    facts: keyId.startsWith('ASIA') ? {} : { expiresAt: 'never' },
  };
}

/** An id that only stands near tells the account, not the key. */
function accountOf(secret: FoundSecret): string | undefined {
  return textFact(secret, 'accountId') ?? ownKey(secret, 'aws-account-id') ?? nearbyKey(secret, 'aws-account-id');
}
