import { describe, expect, it } from 'vitest';
import collector from '../../src/collectors/cloud-clients/index.ts';
import { collectorContract } from '../contract/collector-contract.ts';
import { declare, declaredCase } from './declared.ts';
import { firedRules } from './shared/fired-rules.ts';

const SECRET = 'q7Lm2xAw9ZtR4c';
const KEY = `${'AK'}IA${'Q'.repeat(16)}`;
const SESSION = `${'AS'}IA${'Q'.repeat(16)}`;
const AWS = `[base]
aws_access_key_id = ${KEY}
aws_secret_access_key = ${SECRET}

[session]
aws_access_key_id=${SESSION}
aws_secret_access_key=${SECRET}
aws_session_token=${SECRET}

[profile prod]
role_arn = arn:aws:iam::111122223333:role/team/deploy
source_profile = base
s3 =
  max_concurrent_requests = 20

[profile sso]
sso_session = acme
[sso-session acme]
sso_region = eu-west-1
`;
const PERSON = JSON.stringify({
  type: 'authorized_user',
  client_id: 'x',
  refresh_token: SECRET,
  quota_project_id: 'shop',
});
const KEY_FILE = JSON.stringify({
  type: 'service_account',
  project_id: 'shop',
  private_key_id: 'ab12cd34ab12cd34',
  private_key: SECRET,
  client_email: 'ci@shop.iam.gserviceaccount.com',
});
const FEDERATED = JSON.stringify({
  type: 'external_account',
  service_account_impersonation_url:
    'https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/ci@shop.iam.gserviceaccount.com:generateAccessToken',
});

describe('cloud-clients', () => {
  it.each([
    ['.aws/credentials', true],
    ['.aws/config', true],
    ['application_default_credentials.json', true],
    ['service-account.json', true],
    ['.aws/credentials.example', true],
    ['config', false],
    ['package.json', false],
  ])('accepts %s: %s', (path, accepted) => {
    expect(collector.accepts(path)).toBe(accepted);
  });

  it('reads profiles, keys and roles of AWS', async () => {
    const { identities, facts, edges, named } = await declare(collector, { '.aws/credentials': AWS });
    expect(identities.map(({ type, name }) => [type, name])).toEqual([
      ['aws_profile', 'base'],
      ['access_key', KEY],
      ['aws_profile', 'session'],
      ['access_key', SESSION],
      ['aws_profile', 'prod'],
      ['iam_role', 'deploy'],
      ['aws_profile', 'sso'],
    ]);
    expect(facts(KEY)).toMatchObject({ temporary: false, storage: 'plaintext_file' });
    expect(facts(SESSION)).toMatchObject({ temporary: true });
    expect(facts('prod')).toEqual({ environment: 'production', roleByKeyAlone: true });
    expect(facts('sso')).toMatchObject({ authMethod: 'federated_oidc' });
    expect(named(KEY).keys).toEqual([{ kind: 'aws-access-key-id', value: KEY }]);
    expect(edges.map(({ kind }) => kind)).toEqual(['has-credential', 'has-credential', 'can-assume']);
  });

  it('reads the four kinds of a credential of Google', async () => {
    const { identities, facts } = await declare(collector, {
      'a/application_default_credentials.json': PERSON,
      'b/service-account.json': KEY_FILE,
      'c/credentials.json': FEDERATED,
      'd/credentials.json': '{"other": 1',
    });
    expect(identities.map(({ type, name }) => [type, name])).toEqual([
      ['gcp_application_credential', 'a/application_default_credentials.json'],
      ['gcp_service_account', 'ci@shop.iam.gserviceaccount.com'],
      ['gcp_sa_key', 'ab12cd34ab12cd34'],
      ['gcp_application_credential', 'c/credentials.json'],
    ]);
    expect(facts('a/application_default_credentials.json')).toMatchObject({ humanUse: true, literal: true });
    expect(facts('c/credentials.json')).toMatchObject({ authMethod: 'federated_oidc', literal: false });
  });

  it.each([
    ['.aws/config', '[a]\nno value\n', '.aws/config:2: '],
    ['application_default_credentials.json', '{"type": ', 'application_default_credentials.json:1: '],
  ])('makes a gap with the place of a broken %s', async (path, text, gap) => {
    expect((await declare(collector, { [path]: text })).gaps).toEqual([expect.stringContaining(gap)]);
  });
});

describe('rules about cloud clients', () => {
  it('fire on files in the form of the vendors', async () => {
    const files = { '.aws/credentials': AWS, 'application_default_credentials.json': PERSON };
    expect(await firedRules(collector, files)).toEqual([
      `aws-key-in-file: ${KEY}`,
      'aws-role-by-key-alone: prod',
      'gcp-login-of-person-in-file: application_default_credentials.json',
    ]);
  });

  it('stay silent about short credentials', async () => {
    const sso = '[profile a]\nsso_session = acme\n[profile b]\ncredential_process = vault-login\n';
    expect(await firedRules(collector, { '.aws/config': sso, 'credentials.json': FEDERATED })).toEqual([]);
  });
});

collectorContract(collector, [
  declaredCase(
    'a file of each kind',
    { '.aws/credentials': AWS, 'credentials.json': KEY_FILE, 'adc.json': PERSON },
    { identities: 10, secrets: [SECRET] },
  ),
  declaredCase('broken', { '.aws/config': '[', 'credentials.json': '[1', 'adc.json': '{"type": "service_account"}' }),
]);
