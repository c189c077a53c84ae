import { describe, expect, it } from 'vitest';
import reader from '../../../src/correlate/credentials/azure.ts';
import { foundOf } from '../build.ts';

describe('azure', () => {
  const CLIENT = { kind: 'azure-client-id', value: 'D8FC634C-9B35-4E7D-80E9-E290DDE31EE6' };
  const secretOf = (type: string, changes: Parameters<typeof foundOf>[1]) => {
    const secret = foundOf('azure-x', changes);
    return { ...secret, rule: { ...secret.rule, credential: { ...secret.rule.credential, type } } };
  };

  it('names the application by a client id beside its secret, and no other secret by it', () => {
    const application = reader.read(secretOf('oauth_client_secret', { nearbyKeys: [CLIENT] }));
    expect(application?.principals).toMatchObject([
      { id: 'azure:application:d8fc634c-9b35-4e7d-80e9-e290dde31ee6', confidence: 'strong' },
    ]);
    const storage = reader.read(secretOf('connection_string', { nearbyKeys: [CLIENT], parts: { account: 'acme' } }));
    expect(storage?.principals).toMatchObject([{ id: 'azure:storage-account:acme', confidence: 'proven' }]);
    expect(reader.read(secretOf('api_key', { nearbyKeys: [CLIENT] }))).toBeUndefined();
  });

  it('names an access policy by host and name: the root policy manages its namespace', () => {
    const parts = { host: 'Acme.servicebus.windows.net', id: 'RootManageSharedAccessKey' };
    expect(reader.read(secretOf('connection_string', { parts }))?.principals).toMatchObject([
      { id: 'azure:access-policy:acme.servicebus.windows.net:RootManageSharedAccessKey', facts: { privilegeTier: 1 } },
    ]);
    const [send] = reader.read(secretOf('connection_string', { parts: { ...parts, id: 'send' } }))?.principals ?? [];
    expect(send?.facts).toEqual({});
  });

  it('names who delegated a shared access signature, and what it permits', () => {
    const keys = [{ kind: 'azure-object-id', value: 'aaaaaaaa-0000-4000-8000-000000000001' }];
    const reading = reader.read(secretOf('sas_token', { keys, facts: { permissions: 'rwd', tenantId: 't' } }));
    expect(reading).toMatchObject({
      principals: [{ type: 'azure_principal', account: 't' }],
      facts: { scopes: ['r', 'w', 'd'] },
    });
    expect(reader.read(secretOf('sas_token', { facts: { permissions: 'r' } }))).toEqual({ facts: { scopes: ['r'] } });
  });
});
