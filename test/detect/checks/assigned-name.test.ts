import { describe, expect, test } from 'vitest';
import assignedName from '../../../src/detect/checks/assigned-name.ts';
import { evaluate, make, stateOf } from './evaluate.ts';

const VALUE = make('{base62:24}');

describe('assigned-name', () => {
  test.each([
    'tokenUrl = "',
    'PASSWORD_MIN_LENGTH=',
    'secretName: ',
    'credential_id: "',
    'nextPageToken = "',
    'csrf_token: "',
    'public_key_token = "',
    'tokenizer = "',
    'passwordless = "',
    'remote_login_passwordfile=',
    'isPasswordRequired: "',
    '"tokenEndpoint": "',
    'client.getToken("',
    'decodeToken("',
    '%admins ALL = (root) NOPASSWD: ',
    'htpasswd_crypt_scheme: "',
  ])('drops what stands after %s', (before) => {
    expect(stateOf(evaluate(assignedName, VALUE, { before }))).toBe('drop');
  });

  test.each([
    'DB_PASSWORD=',
    '"client_secret": "',
    'secretKey = "',
    'setAuthToken("',
    'X-Api-Key: ',
    'API_KEY_TEST=',
    'tokens: ["',
    'newPassword: "',
    '- name: DB_PASSWORD\n  value: "',
    'options["password"] = "',
    'value = "',
  ])('says nothing of what stands after %s', (before) => {
    expect(stateOf(evaluate(assignedName, VALUE, { before }))).toBe('not-applicable');
  });

  test('drops a value that repeats its name', () => {
    expect(stateOf(evaluate(assignedName, 'client-secret', { before: 'CLIENT_SECRET = "' }))).toBe('drop');
    expect(stateOf(evaluate(assignedName, 'client-7Kq', { before: 'CLIENT_SECRET = "' }))).toBe('not-applicable');
  });

  test('is quick on hostile text', () => {
    const start = performance.now();
    for (const unit of ['token', 'aA', '_', '$.', 'passwordPassword']) {
      evaluate(assignedName, unit.repeat(5000), { before: unit.repeat(5000) });
    }
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});
