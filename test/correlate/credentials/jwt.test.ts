import { describe, expect, it } from 'vitest';
import reader from '../../../src/correlate/credentials/jwt.ts';
import { foundOf } from '../build.ts';

describe('jwt', () => {
  const pair = (value: string) => [{ kind: 'jwt-subject', value }];

  it('names the client, else the subject, of an issuer', () => {
    const facts = { iss: 'https://id.acme.example', sub: 'svc-1', clientId: 'app-7', scope: 'read write' };
    expect(reader.read(foundOf('jwt-token', { facts, keys: pair('https://id.acme.example|svc-1') }))).toMatchObject({
      principals: [
        { id: 'jwt:https://id.acme.example|app-7', account: 'https://id.acme.example', confidence: 'strong' },
      ],
      facts: { scopes: ['read', 'write'] },
    });
  });

  it('names no person, and leaves tokens to those who know more of them', () => {
    const facts = { iss: 'https://acme.eu.auth0.com/', sub: 'auth0|5f7' };
    const person = reader.read(foundOf('jwt-token', { facts, keys: pair('x') }));
    expect(person?.principals).toBeUndefined();
    const keys = [{ kind: 'kubernetes-service-account', value: 'a:b' }];
    expect(reader.read(foundOf('jwt-token', { facts, keys }))).toBeUndefined();
    expect(reader.read(foundOf('jwt-token'))).toBeUndefined();
  });
});
