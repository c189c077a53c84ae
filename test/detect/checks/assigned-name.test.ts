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
    'admin_password_key: ',
    'DOCKER_PWD_SSM_KEY: ',
    'keyVaultSecretUserRoleGuid = "',
    'existingSecretPasswordKey: "',
    "2026-07-30T12:54:28.4657633Z PASS: benchmark ('",
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

  test('drops the scope of an application of Microsoft', () => {
    const id = make('{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}');
    const before = '.GetToken(new TokenRequestContext(["';
    for (const scope of [`${id}/.default`, `api://${id}/.default`])
      expect(stateOf(evaluate(assignedName, scope, { before })), scope).toBe('drop');
    expect(stateOf(evaluate(assignedName, `${id}/x`, { before: 'secret: "' }))).toBe('not-applicable');
  });

  test('drops a value that repeats its name', () => {
    expect(stateOf(evaluate(assignedName, 'client-secret', { before: 'CLIENT_SECRET = "' }))).toBe('drop');
    expect(stateOf(evaluate(assignedName, 'client-7Kq', { before: 'CLIENT_SECRET = "' }))).toBe('not-applicable');
  });

  test.each([
    'action:\n  pass: ',
    '  - path: /tea\n    action:\n      # where to\n\n      pass: ',
    'routes:\n- action:\n    pass: ',
    'Action: &v1.Action{\n\tPass: "',
    '{"action": {"pass": "',
    "'action' => array(\n  'pass' => '",
    'labels {\n  token = "',
    '  action:\n    pass: x\n#  action:\n#    pass: ',
    'def sign(password):\n  password = password.encode("',
  ])('drops a part of another key: %j', (before) => {
    expect(stateOf(evaluate(assignedName, VALUE, { before }))).toBe('drop');
  });

  test.each([
    'smtp:\n  pass: ',
    'action:\npass: ',
    'action:\n  smtp:\n    pass: ',
    'action:\n  pass: x\nsmtp:\n  pass: ',
    'action:\n  smtp_pass: ',
    'action: deploy\n  pass: ',
    '{"action": {"kind": "x"}, "pass": "',
    'password.equals("',
  ])('keeps what is no part of it: %j', (before) => {
    expect(stateOf(evaluate(assignedName, VALUE, { before }))).toBe('not-applicable');
  });

  test('drops the numbered name of an object that holds a secret', () => {
    const dropped = ['jwt-secret2', 'tls-secret-1', 'db.auth.token3'];
    for (const value of dropped) expect(stateOf(evaluate(assignedName, value, { before: 'Secret: "' }))).toBe('drop');
    for (const value of ['jwt-secret2-x8', 'secret2', 'blue-horse2', 'app-key-4711'])
      expect(stateOf(evaluate(assignedName, value, { before: 'Secret: "' })), value).toBe('not-applicable');
    expect(stateOf(evaluate(assignedName, 'my-key-2', { before: 'password: "' }))).toBe('not-applicable');
  });

  test('is quick on hostile text', () => {
    const start = performance.now();
    for (const unit of ['token', 'aA', '_', '$.', 'passwordPassword', 'a:{', ' a:\n  pass: ', '- ']) {
      evaluate(assignedName, unit.repeat(5000), { before: unit.repeat(5000) });
    }
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  test.each([
    ['{"api_key": "', 'MTC_511_API_KEY'],
    ['--from-literal=ca.password=', '_P12-PASSWORD_'],
    ['GPG_PASSPHRASE=', 'chart-signing-key:passphrase'],
    ['    secretKey: ', 'MY-K8S-PATH'],
    ['kolla-genpwd = "', 'kolla_ansible.cmd.genpwd:main'],
    ['echo "rediss://:PASSWORD=', '@DB_HOSTNAME:6380/0'],
    ['uri: amqps://user@password:', 'my-rabbitmq-service'],
    ['password: ', 'secret/data/app#db_password'],
  ])('drops what says where a secret stands: %s%s', (before, value) => {
    expect(stateOf(evaluate(assignedName, value, { before }))).toBe('drop');
  });

  test.each([
    ['password: ', 'admin:password'],
    ['secretKey: ', 'ABCD-1234-EFGH'],
    ['password_encryption_key: ', 'x1'],
    ['amqps://user:password=', 'Secret-9'],
    ['password = "', 'MY_PASSWORD_1'],
    ['token = "', 'KEYTOKEN'],
    ['secret_key: ', 'ab-key:other'],
  ])('keeps %s%s', (before, value) => {
    expect(stateOf(evaluate(assignedName, value, { before }))).toBe('not-applicable');
  });

  test('lowers what stands in an example', () => {
    const before = 'examples:\n  ok: 1\nschema:\n  example:\n    active: "1"\n    password: ';
    expect(stateOf(evaluate(assignedName, VALUE, { before }))).toBe('lower to placeholder');
    const deeper = before
      .replace('active: "1"', 'attr:\n      - x\n      active: "1"')
      .replace('    pass', '      pass');
    expect(stateOf(evaluate(assignedName, VALUE, { before: deeper }))).toBe('lower to placeholder');
    expect(stateOf(evaluate(assignedName, VALUE, { before: before.replace('example:', 'sample:') }))).toBe(
      'not-applicable',
    );
  });

  test('drops the name of a variable behind a quoted key, a digest that a test expects, what an object is made with', () => {
    const value = 'app_database_password';
    expect(stateOf(evaluate(assignedName, value, { before: "'password': " }))).toBe('drop');
    expect(stateOf(evaluate(assignedName, value, { before: 'password: ' }))).not.toBe('drop');
    expect(stateOf(evaluate(assignedName, value, { before: `"password": "` }))).not.toBe('drop');
    const digest = make('{hex:64}');
    expect(stateOf(evaluate(assignedName, digest, { before: 'expectedClientToken1 = "' }))).toBe('drop');
    expect(stateOf(evaluate(assignedName, VALUE, { before: 'expectedClientToken1 = "' }))).not.toBe('drop');
    expect(stateOf(evaluate(assignedName, 'queue1', { before: 'managerSecret1 = util.MakeSecret("' }))).toBe('drop');
  });
});
