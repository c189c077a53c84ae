import { describe, expect, it } from 'vitest';
import reader from '../../../src/correlate/credentials/google.ts';
import { foundOf } from '../build.ts';

describe('google', () => {
  const email = 'deployer@shop-prod.iam.gserviceaccount.com';

  it('names key, account and project of a key file', () => {
    const keys = [
      { kind: 'gcp-key-id', value: 'ab12' },
      { kind: 'gcp-service-account', value: email },
    ];
    expect(reader.read(foundOf('google-service-account-key', { keys }))).toMatchObject({
      credential: { id: 'gcp:sa-key:ab12', account: 'shop-prod' },
      principals: [{ id: `gcp:service-account:${email}`, account: 'shop-prod', confidence: 'proven' }],
    });
  });

  it('names the account of a token that says no more', () => {
    const keys = [{ kind: 'gcp-service-account', value: email }];
    expect(reader.read(foundOf('jwt-token', { keys }))).toMatchObject({ principals: [{ name: email }] });
    expect(reader.read(foundOf('google-api-key'))).toBeUndefined();
    const nearbyKeys = [{ kind: 'gcp-project', value: 'acme-shop' }];
    expect(reader.read(foundOf('google-api-key', { nearbyKeys }))).toEqual({ account: 'acme-shop' });
    expect(reader.read(foundOf('acme-token', { nearbyKeys }))).toBeUndefined();
  });
});
