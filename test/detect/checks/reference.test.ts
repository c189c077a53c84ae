// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are what this check is about
import { describe, expect, test } from 'vitest';
import reference from '../../../src/detect/checks/reference.ts';
import { evaluate, make, stateOf } from './evaluate.ts';

describe('reference', () => {
  test.each([
    '${DB_PASSWORD}',
    '$DB_PASSWORD',
    '${var.password}',
    '$dbPassword',
    '$Cred.Password',
    '$env:DB_PASSWORD',
    '$this->password',
    '{password}',
    '%s',
    '%(password)s',
    '$(cat /run/secrets/db)',
    '%DB_PASSWORD%',
    '{{ secrets.TOKEN }}',
    '${{ secrets.TOKEN }}',
    'prefix-${TOKEN}-suffix',
    '#{ENV["TOKEN"]}',
    '<%= token %>',
    'process.env.TOKEN',
    'os.environ["TOKEN"]',
    'os.getenv("TOKEN")',
    'ENV["TOKEN"]',
    'secrets.NPM_TOKEN',
    'var.db_password',
    'vault:secret/data/app#token',
    'op://vault/item/field',
    'ref+awssecrets://app/token',
    'arn:aws:secretsmanager:eu-west-1:123456789012:secret:app',
    'projects/acme/secrets/token/versions/latest',
    '@Microsoft.KeyVault(SecretUri=https://acme.vault.azure.net/secrets/a)',
    'ENC[AES256_GCM,data:abc,type:str]',
    '!Ref DatabasePassword',
    '<placeholder>',
    'getSecret("db")',
    'config.get("token")',
    'await load(token)',
  ])('drops %s', (value) => {
    expect(stateOf(evaluate(reference, value))).toBe('drop');
  });

  test.each([
    'a$b',
    '$YYbMDot25P',
    'pa$$word1',
    '100%sure%',
    'sha(r)p',
    'p{a}ss',
    make('ghp_{base62:36}'),
    make('{pem:ec}'),
    make('{jwt}'),
  ])('keeps %s', (value) => {
    expect(stateOf(evaluate(reference, value))).toBe('not-applicable');
  });

  test('sees that the match is the inner part of a reference', () => {
    expect(stateOf(evaluate(reference, 'DB_PASSWORD', { before: 'password: ${', after: '}' }))).toBe('drop');
    expect(stateOf(evaluate(reference, 'TOKEN', { before: 'token: {{ .Values.', after: ' }}' }))).toBe('drop');
    expect(stateOf(evaluate(reference, 'TOKEN', { before: '{"token": ', after: '}' }))).toBe('not-applicable');
  });

  test('stays fast on adversarial text', () => {
    const start = performance.now();
    for (const value of ['('.repeat(5000), 'a.'.repeat(5000), '${'.repeat(5000), `a(${'(x'.repeat(3000)}`])
      evaluate(reference, value);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});
