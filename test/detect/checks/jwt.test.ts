import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import jwt from '../../../src/detect/checks/jwt.ts';
import { evaluate, factsOf, make, stateOf } from './evaluate.ts';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const token = (claims: unknown, header: unknown = { alg: 'HS256' }): string =>
  `${encode(header)}.${encode(claims)}.${make('{base64url:43}')}`;

describe('jwt', () => {
  test('gives claims as facts and join keys', () => {
    const value = token({
      iss: 'https://id.acme.io',
      sub: 'robot-7',
      aud: 'api',
      iat: 1_700_000_000,
      exp: 1_800_000_000,
      scope: 'read',
    });
    expect(factsOf(evaluate(jwt, value))).toEqual({
      alg: 'HS256',
      iss: 'https://id.acme.io',
      sub: 'robot-7',
      aud: 'api',
      scope: 'read',
      issuedAt: '2023-11-14T22:13:20.000Z',
      expiresAt: '2027-01-15T08:00:00.000Z',
      expired: false,
      keys: { 'jwt-issuer': 'https://id.acme.io', 'jwt-subject': 'https://id.acme.io|robot-7' },
    });
  });

  test('a token without an end never expires, one with a past end has', () => {
    expect(factsOf(evaluate(jwt, token({ sub: 'a' })))).toMatchObject({ expiresAt: 'never' });
    expect(factsOf(evaluate(jwt, token({ exp: 1_600_000_000 })))).toMatchObject({ expired: true });
  });

  test('reads the service account of Kubernetes from both forms', () => {
    const older = {
      iss: 'kubernetes/serviceaccount',
      'kubernetes.io/serviceaccount/namespace': 'shop',
      'kubernetes.io/serviceaccount/service-account.name': 'deployer',
    };
    for (const claims of [older, { sub: 'system:serviceaccount:shop:deployer' }]) {
      expect(factsOf(evaluate(jwt, token(claims)))).toMatchObject({
        kubernetesServiceAccount: 'shop:deployer',
        keys: { 'kubernetes-service-account': 'shop:deployer' },
      });
    }
  });

  test('an application of Entra becomes a join key, an address of a person no fact', () => {
    const appid = make('{uuid}');
    const facts = factsOf(evaluate(jwt, token({ appid, sub: 'ann@acme.io' })));
    expect(facts).toMatchObject({ clientId: appid, keys: { 'azure-client-id': appid } });
    expect(facts).not.toHaveProperty('sub');
  });

  test.each([
    ['no JSON', make('eyJ{base62:30}.eyJ{base62:30}.{base62:43}'), 'drop'],
    ['no algorithm', token({ sub: 'a' }, { typ: 'JWT' }), 'drop'],
    ['claims that are a list', token([1]), 'drop'],
    ['an encrypted token', `${encode({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.a.b.c.d`, 'pass'],
    ['an unsigned token', `${encode({ alg: 'none' })}.${encode({ sub: 'a' })}.`, 'pass'],
    ['the sample of jwt.io', token({ sub: '1234567890', iat: 1_516_239_022 }), 'lower to placeholder'],
    ['an anon key', token({ iss: 'supabase', role: 'anon' }), 'drop'],
    ['a service key', token({ iss: 'supabase', role: 'service_role' }), 'pass'],
  ])('%s', (_, value, state) => {
    expect(stateOf(evaluate(jwt, value))).toBe(state);
  });

  test('never throws on hostile text', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.json(),
        (text, json) => evaluate(jwt, `${text}.${Buffer.from(json).toString('base64url')}.x`).state !== undefined,
      ),
    );
  });
});
