import { describe, expect, it } from 'vitest';
import reader from '../../../src/correlate/credentials/aws.ts';
import { foundOf, KEY_ID } from '../build.ts';

describe('aws', () => {
  const keys = [{ kind: 'aws-access-key-id', value: KEY_ID }];

  it('names a key by its id, with the account that stands in it', () => {
    const secret = foundOf('aws-secret-access-key', { keys, facts: { accountId: '123456789012' } });
    expect(reader.read(secret)?.credential).toMatchObject({
      id: `aws:access-key:${KEY_ID}`,
      type: 'access_key',
      account: '123456789012',
      facts: { expiresAt: 'never' },
    });
  });

  it('takes only the account from an id that stands near', () => {
    const nearbyKeys = [...keys, { kind: 'aws-account-id', value: '123456789012' }];
    expect(reader.read(foundOf('aws-secret-access-key', { nearbyKeys }))).toEqual({ account: '123456789012' });
    expect(reader.read(foundOf('acme-token', { keys }))).toBeUndefined();
  });
});
