import { describe, expect, it } from 'vitest';
import collector from '../../src/collectors/package-auth/index.ts';
import { collectorContract } from '../contract/collector-contract.ts';
import { declare, declaredCase } from './declared.ts';
import { firedRules } from './shared/fired-rules.ts';

/** What a secret of these tests looks like: of no provider, and no filler. */
const SECRET = 'q7Lm2xAw9ZtR4c';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

const NPMRC = `@acme:registry=http://npm.acme.io/
//npm.acme.io/:_authToken=${SECRET}
//registry.npmjs.org/:_authToken=\${NPM_TOKEN}
_auth=${base64(`bot:${SECRET}`)}
always-auth=true
strict-ssl=false
`;
const YARN = `npmRegistryServer: https://npm.acme.io
npmAuthToken: ${SECRET}
npmScopes:
  acme:
    npmRegistryServer: "http://yarn.acme.io"
    npmAuthIdent: "bot:${SECRET}"
`;
const PYPIRC = `[distutils]
index-servers =
    pypi
    acme
[pypi]
username = __token__
password = pypi-${SECRET}
[acme]
repository: https://pypi.acme.io/simple
username: bot
password: ${SECRET}
`;
const PIP = `[global]
index-url = https://bot:${SECRET}@pypi.acme.io/simple
extra-index-url =
    http://reader:\${PIP_PASSWORD}@mirror.acme.io/simple
    https://pypi.org/simple
trusted-host = mirror.acme.io
`;
const NUGET = `<?xml version="1.0" encoding="utf-8"?>
<configuration>
  <packageSources>
    <add key="Acme Feed" value="http://nuget.acme.io/v3/index.json" />
    <add key="sealed" value="https://sealed.acme.io/v3/index.json" />
  </packageSources>
  <packageSourceCredentials>
    <Acme_x0020_Feed>
      <add key="Username" value="bot" />
      <add key="ClearTextPassword" value="${SECRET}" />
    </Acme_x0020_Feed>
    <sealed>
      <add key="Username" value="bot" />
      <add key="Password" value="AQAAANCMnd8BFdERjHoAwE" />
    </sealed>
  </packageSourceCredentials>
</configuration>
`;
const MAVEN = `<settings xmlns="http://maven.apache.org/SETTINGS/1.0.0">
  <servers>
    <server><id>nexus</id><username>bot</username><password>${SECRET}</password></server>
    <server><id>sealed</id><username>bot</username><password>{COQLCE6DU6GtcS5P}</password></server>
    <server><id>env</id><username>bot</username><password>\${env.NEXUS}</password></server>
  </servers>
  <mirrors><mirror><id>nexus</id><url>http://nexus.acme.io/maven</url></mirror></mirrors>
</settings>
`;
const GRADLE = `org.gradle.jvmargs=-Xmx2g
nexusUrl=https://nexus.acme.io/releases
nexusUsername=bot
nexusPassword=${SECRET}
`;
const CARGO = `[registry]\ntoken = "${SECRET}"\n\n[registries.acme]\nindex = "sparse+https://cargo.acme.io/"\ntoken = "${SECRET}"\n`;
const COMPOSER = JSON.stringify(
  { 'http-basic': { 'repo.acme.io': { username: 'bot', password: SECRET } }, 'github-oauth': { 'github.com': SECRET } },
  null,
  4,
);
const SERVICE_ACCOUNT = JSON.stringify({
  client_email: 'ci@shop.iam.gserviceaccount.com',
  private_key_id: 'ab12',
  private_key: SECRET,
});
const DOCKER = JSON.stringify(
  {
    auths: {
      'https://index.docker.io/v1/': { auth: base64(`bot:${SECRET}`) },
      'gcr.io': { auth: base64(`_json_key:${SERVICE_ACCOUNT}`) },
      'ghcr.io': {},
    },
    credHelpers: { 'ghcr.io': 'gh', 'public.ecr.aws': 'ecr-login' },
  },
  null,
  '\t',
);

const namesOf = async (path: string, text: string) =>
  (await declare(collector, { [path]: text })).identities.map(({ name, attributes }) => [
    name,
    attributes['literal']?.value,
    attributes['plainHttp']?.value,
  ]);

describe('package-auth', () => {
  it.each([
    ['.npmrc', true],
    ['web/.npmrc', true],
    ['.npmrc.example', true],
    ['.yarnrc.yml', true],
    ['.pypirc', true],
    ['etc/pip.conf', true],
    ['src/NuGet.Config', true],
    ['.m2/settings.xml', true],
    ['ci/maven-settings.xml', true],
    ['gradle.properties', true],
    ['.gem/credentials', true],
    ['.cargo/credentials.toml', true],
    ['auth.json', true],
    ['.docker/config.json', true],
    ['.terraformrc', true],
    ['config.json', false],
    ['package.json', false],
    ['app/credentials', false],
  ])('accepts %s: %s', (path, accepted) => {
    expect(collector.accepts(path)).toBe(accepted);
  });

  it('reads .npmrc: hosts, users, references, and a credential without a host', async () => {
    const { identities, facts } = await declare(collector, { '.npmrc': NPMRC });
    expect(identities.map(({ name }) => name)).toEqual(['npm.acme.io', 'registry.npmjs.org', 'bot@any host']);
    expect(facts('npm.acme.io')).toEqual({
      authMethod: 'static_secret',
      literal: true,
      storage: 'plaintext_file',
      ecosystem: 'npm',
      plainHttp: true,
      anyHost: false,
      alwaysSent: true,
      tlsVerified: false,
    });
    expect(facts('registry.npmjs.org')).toMatchObject({ literal: false, plainHttp: false });
    expect(facts('bot@any host')).toMatchObject({ anyHost: true, authMethod: 'password' });
    expect(identities[0]?.evidence[0]?.location?.startLine).toBe(2);
  });

  it.each([
    [
      '.yarnrc.yml',
      YARN,
      [
        ['npm.acme.io', true, false],
        ['bot@yarn.acme.io', true, true],
      ],
    ],
    [
      '.pypirc',
      PYPIRC,
      [
        ['__token__@upload.pypi.org', true, false],
        ['bot@pypi.acme.io', true, false],
      ],
    ],
    [
      'pip.conf',
      PIP,
      [
        ['bot@pypi.acme.io', true, false],
        ['reader@mirror.acme.io', false, true],
      ],
    ],
    [
      'nuget.config',
      NUGET,
      [
        ['bot@nuget.acme.io', true, true],
        ['bot@sealed.acme.io', false, false],
      ],
    ],
    [
      'settings.xml',
      MAVEN,
      [
        ['bot@nexus.acme.io', true, true],
        ['bot@sealed', false, undefined],
        ['bot@env', false, undefined],
      ],
    ],
    ['gradle.properties', GRADLE, [['bot@nexus.acme.io', true, false]]],
    ['.gem/credentials', `---\n:rubygems_api_key: ${SECRET}\n`, [['rubygems.org', true, false]]],
    [
      '.cargo/credentials.toml',
      CARGO,
      [
        ['crates.io', true, false],
        ['cargo.acme.io', true, false],
      ],
    ],
    [
      'auth.json',
      COMPOSER,
      [
        ['bot@repo.acme.io', true, undefined],
        ['github.com', true, undefined],
      ],
    ],
    [
      '.docker/config.json',
      DOCKER,
      [
        ['bot@index.docker.io', true, false],
        ['_json_key@gcr.io', true, undefined],
        ['ghcr.io', false, undefined],
        ['public.ecr.aws', false, undefined],
      ],
    ],
    [
      '.dockercfg',
      JSON.stringify({ 'quay.io': { auth: base64(`bot:${SECRET}`) } }),
      [['bot@quay.io', true, undefined]],
    ],
    [
      '.terraformrc',
      `credentials "app.terraform.io" {\n  token = "${SECRET}"\n}\n`,
      [['app.terraform.io', true, undefined]],
    ],
    [
      'credentials.tfrc.json',
      JSON.stringify({ credentials: { 'tf.acme.io': { token: SECRET } } }),
      [['tf.acme.io', true, undefined]],
    ],
  ])('reads %s: user and host, literal or not, plain http', async (path, text, expected) => {
    expect(await namesOf(path, text)).toEqual(expected);
  });

  it("knows the service account behind Docker's login for Google", async () => {
    const { named } = await declare(collector, { '.docker/config.json': DOCKER });
    expect(named('_json_key@gcr.io').keys).toEqual([
      { kind: 'host', value: 'gcr.io' },
      { kind: 'registry-user', value: '_json_key@gcr.io' },
      { kind: 'gcp-service-account', value: 'ci@shop.iam.gserviceaccount.com' },
      { kind: 'gcp-key-id', value: 'ab12' },
    ]);
  });

  it('calls encrypted passwords so', async () => {
    expect((await declare(collector, { 'nuget.config': NUGET })).facts('bot@sealed.acme.io')).toMatchObject({
      storage: 'encrypted_file',
    });
  });

  it('says nothing of fillers, and leaves examples out', async () => {
    const text = '//npm.acme.io/:_authToken=<your token>\n';
    expect(await namesOf('.npmrc', text)).toEqual([]);
    const { skips, identities } = await declare(collector, { '.npmrc.example': NPMRC });
    expect([skips, identities]).toEqual([['.npmrc.example'], []]);
  });

  it('keeps no e-mail address and no token that stands in place of a user', async () => {
    const text = `[a]\nrepository=https://a.acme.io\nusername=kim@acme.io\npassword=${SECRET}\n[b]\nrepository=https://b.acme.io\nusername=x9K2mQ7pL4vT8wR1\npassword=${SECRET}\n`;
    expect((await namesOf('.pypirc', text)).map(([name]) => name)).toEqual(['kim@a.acme.io', 'b.acme.io']);
  });

  it.each([
    ['.npmrc', '= x\n', '.npmrc:1: no section'],
    ['.yarnrc.yml', 'npmScopes: [\n', '.yarnrc.yml:2: '],
    ['.pypirc', '[pypi]\nno value\n', '.pypirc:2: '],
    ['nuget.config', '<configuration>\n<packageSources>', 'nuget.config:2: an element does not end'],
    ['settings.xml', '<settings>\n</x>', 'settings.xml:2: an element ends that did not begin'],
    ['.cargo/credentials', '[registry\n', '.cargo/credentials:1: no TOML'],
    ['.docker/config.json', '{"auths": {', '.docker/config.json:1: '],
    ['.terraformrc', 'credentials "x" {\n', '.terraformrc:'],
  ])('makes a gap with the place of a broken %s', async (path, text, gap) => {
    const { gaps } = await declare(collector, { [path]: text });
    expect(gaps).toEqual([expect.stringContaining(gap)]);
  });
});

describe('rules about registry credentials', () => {
  it.each([
    [
      '.npmrc',
      NPMRC,
      [
        'client-plain-http',
        'client-tls-unverified',
        'registry-credential-always-sent',
        'registry-credential-any-host',
        'registry-credential-in-file',
      ],
    ],
    ['.pypirc', PYPIRC, ['registry-credential-in-file']],
    ['.docker/config.json', DOCKER, ['registry-credential-in-file']],
    [
      '.m2/settings-security.xml',
      '<settingsSecurity><master>{jSMOWnoPFgsHVpMvz5VrIt5kRbzGpI8u}</master></settingsSecurity>',
      ['maven-master-password', 'registry-credential-in-file'],
    ],
  ])('fire for %s', async (path, text, rules) => {
    const fired = await firedRules(collector, { [path]: text });
    expect([...new Set(fired.map((line) => line.slice(0, line.indexOf(':'))))]).toEqual(rules);
  });

  it('stay silent about references, helpers and encrypted passwords', async () => {
    const npm = '//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n';
    const docker = JSON.stringify({ auths: { 'ghcr.io': {} }, credsStore: 'desktop' });
    expect(await firedRules(collector, { '.npmrc': npm, '.docker/config.json': docker })).toEqual([]);
  });
});

collectorContract(collector, [
  declaredCase(
    'a file of each kind',
    {
      '.npmrc': NPMRC,
      '.yarnrc.yml': YARN,
      '.pypirc': PYPIRC,
      'pip.conf': PIP,
      'nuget.config': NUGET,
      'settings.xml': MAVEN,
      'gradle.properties': GRADLE,
      '.cargo/credentials.toml': CARGO,
      'auth.json': COMPOSER,
      '.docker/config.json': DOCKER,
    },
    { identities: 20, secrets: [SECRET] },
  ),
  declaredCase('broken', { '.npmrc': '[', 'nuget.config': '<a', '.docker/config.json': '[1', '.cargo/config': '=' }),
]);
