import { describe, expect, it } from 'vitest';
import collector from '../../../src/collectors/workflows/index.ts';
import { failedRules } from '../judged.ts';

const PATH = '.github/workflows/ci.yml';
const GOOD = `on: push
permissions: { contents: read }
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with: { persist-credentials: false }
      - uses: actions/upload-artifact@v4
        with: { path: dist }
      - run: npm test && npm run publish && npm publish --dry-run
`;
const job = (text: string, on = 'push'): string =>
  `on: ${on}\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n${text.replace(/^/gm, '    ')}`;
const steps = (text: string, on?: string): string => job(`steps:\n${text.replace(/^/gm, '  ')}`, on);
const rulesOf = (text: string, path = PATH) => failedRules(collector, { [path]: text });

it('is silent on a workflow that does it right', async () => {
  expect(await rulesOf(GOOD)).toEqual([]);
});

describe('rules about a workflow fire on', () => {
  it.each<[rule: string, text: string]>([
    ['workflow-level-write', 'on: push\npermissions: { contents: write }\njobs: { a: {}, b: {} }'],
    ['workflow-level-write-moderate', 'on: push\npermissions: { checks: write }\njobs: { a: {}, b: {} }'],
    ['workflow-level-write-minor', 'on: push\npermissions: { statuses: write }\njobs: { a: {}, b: {} }'],
    ['workflow-level-write-single-job', 'on: push\npermissions: { contents: write }\njobs: { a: {} }'],
    ['workflow-read-all', 'on: push\npermissions: read-all\njobs: { a: {} }'],
    ['workflow-job-read-all', 'on: push\npermissions: {}\njobs: { a: { permissions: read-all } }'],
    ['workflow-top-permissions-undeclared', 'on: push\njobs: { a: { permissions: {} } }'],
    ['workflow-secret-in-workflow-env', 'on: push\npermissions: {}\nenv: { T: "${{ secrets.T }}" }\njobs: { a: {} }'],
    ['workflow-privileged-trigger', job('steps: []', 'workflow_run')],
    ['workflow-untrusted-trigger-write-token', job('permissions: { contents: write }', 'pull_request_target')],
    ['workflow-secret-in-job-env', job('env: { T: "${{ secrets.T }}" }')],
    ['workflow-any-secret-outside-environment', steps('- run: x\n  env: { T: "${{ secrets.T }}" }')],
    ['workflow-container-credential-literal', job('container: { image: x, credentials: { password: placeholder } }')],
    ['workflow-container-credential-literal', job('services: { db: { credentials: { password: placeholder } } }')],
    ['workflow-unredacted-secret', steps('- run: echo ${{ fromJSON(secrets.T).id }}')],
    ['workflow-dumps-secrets', steps('- run: echo ${{ secrets[matrix.name] }}')],
    ['workflow-checkout-token-kept', steps('- uses: actions/checkout@v4')],
    [
      'workflow-checkout-token-kept-with-write',
      `${steps('- uses: actions/checkout@v6')}\n    permissions: { contents: write }`,
    ],
    [
      'workflow-checkout-keeps-personal-token',
      steps('- uses: actions/checkout@v4\n  with: { token: "${{ secrets.PAT }}" }'),
    ],
    [
      'workflow-checkout-token-in-artifact',
      steps('- uses: actions/checkout@v4\n- uses: actions/upload-artifact@v3\n  with: { path: . }'),
    ],
    ['workflow-personal-token', steps('- run: gh pr list\n  env: { GH_TOKEN: "${{ secrets.PAT }}" }')],
    [
      'workflow-third-party-unpinned-with-secrets',
      job('uses: vendor/ci/.github/workflows/x.yml@main\nsecrets: inherit'),
    ],
    ['workflow-static-cloud-credentials', job('env: { AWS_SECRET_ACCESS_KEY: "${{ secrets.K }}" }')],
  ])('%s', async (rule, text) => {
    expect(await rulesOf(text)).toContain(rule);
  });

  it.each([
    'runs-on: [self-hosted, linux]',
    'runs-on: { group: large }',
    'strategy: { matrix: { os: [ubuntu-latest, self-hosted] } }\nruns-on: ${{ matrix.os }}',
    'strategy: { matrix: { include: [{ os: [self-hosted, arm] }] } }\nruns-on: ${{ matrix.os }}',
    'strategy: { matrix: { on: [{ label: self-hosted }] } }\nruns-on: ${{ matrix.on.label }}',
  ])('workflow-self-hosted-runner: %j', async (text) => {
    const fires = await rulesOf(`on: push\njobs:\n  a:\n${text.replace(/^/gm, '    ')}`);
    expect(fires).toContain('workflow-self-hosted-runner');
  });

  it('no runner that the matrix leaves out', async () => {
    const matrix = 'strategy: { matrix: { os: [ubuntu-latest, self-hosted], exclude: [{ os: self-hosted }] } }';
    const text = `on: push\njobs:\n  a:\n    ${matrix}\n    runs-on: \${{ matrix.os }}\n`;
    expect(await rulesOf(text)).not.toContain('workflow-self-hosted-runner');
  });
});

describe('tokens of a GitHub App', () => {
  const app = (inputs: string): string =>
    steps(`- uses: actions/create-github-app-token@v2\n  with: { client-id: 1, ${inputs} }`);

  it.each<[rule: string, inputs: string]>([
    ['workflow-app-token-all-permissions', 'repositories: shop'],
    ['workflow-app-token-all-repositories', 'owner: acme, permission-contents: read'],
    ['workflow-app-token-not-revoked', 'permission-contents: read, skip-token-revoke: "true"'],
    ['workflow-app-token-not-revoked', 'permission-contents: read, skip-token-revoke: "${{ inputs.keep }}"'],
  ])('%s: %s', async (rule, inputs) => {
    expect((await rulesOf(app(inputs))).filter((id) => id.startsWith('workflow-app-token'))).toEqual([rule]);
  });

  it.each([
    'permission-contents: read',
    'owner: acme, permission-members: read',
    'permission-issues: write, skip-token-revoke: false',
  ])('are fine with %s', async (inputs) => {
    expect((await rulesOf(app(inputs))).filter((id) => id.startsWith('workflow-app-token'))).toEqual([]);
  });
});

describe('publishing', () => {
  const fires = async (text: string): Promise<boolean> => (await rulesOf(text)).includes('workflow-publish-token');

  it.each([
    'npm publish --access public',
    'cd lib && NODE_ENV=production yarn npm publish',
    'cargo publish -p core',
    'python3.12 -m twine upload dist/*',
    'uv run --dev twine upload dist/*',
    'uvx twine@6.1.0 upload dist/*',
    'bundle exec gem push x.gem',
    'dotnet nuget push x.nupkg \\\n  --source https://api.nuget.org/v3/index.json',
    'twine upload --repository-url=https://test.pypi.org/legacy/ dist/*',
  ])('with a token: %j', async (run) => {
    expect(await fires(steps(`- run: |\n${run.replace(/^/gm, '    ')}`))).toBe(true);
  });

  it.each([
    'echo "npm publish"',
    'npm run publish',
    '# npm publish',
    'cargo publish --dry-run',
    'npm publish --registry https://npm.example.com',
    'gem build x.gemspec',
  ])('is not %j', async (run) => {
    expect(await fires(steps(`- run: |\n${run.replace(/^/gm, '    ')}`))).toBe(false);
  });

  it.each<[fires: boolean, step: string]>([
    [true, 'uses: pypa/gh-action-pypi-publish@release/v1, with: { password: "${{ secrets.P }}" }'],
    [false, 'uses: pypa/gh-action-pypi-publish@release/v1'],
    [
      false,
      'uses: pypa/gh-action-pypi-publish@release/v1, with: { password: x, repository-url: "https://pypi.example.com" }',
    ],
    [true, 'uses: rubygems/release-gem@v1, with: { setup-trusted-publisher: false }'],
    [true, 'uses: rubygems/configure-rubygems-credentials@v1, with: { api-token: "${{ secrets.P }}" }'],
    [true, 'uses: actions/setup-node@v4, with: { registry-url: "https://registry.npmjs.org/", always-auth: true }'],
  ])('by an action (%s): %s', async (expected, step) => {
    expect(await fires(steps(`- { ${step} }`))).toBe(expected);
  });

  it('with an identity of the job is fine, and so is another registry', async () => {
    expect(await fires(`${steps('- run: npm publish')}\n    permissions: { id-token: write }`)).toBe(false);
    const own =
      '- { uses: actions/setup-node@v4, with: { registry-url: "https://npm.pkg.github.com" } }\n- run: npm publish';
    expect(await fires(steps(own))).toBe(false);
  });
});

it.each<[fires: boolean, registry: string, password: string]>([
  [true, 'ghcr.io', 'secrets.PAT'],
  [false, 'ghcr.io', 'secrets.GITHUB_TOKEN'],
  [false, 'docker.io', 'secrets.HUB'],
  [true, '${{ env.REGISTRY }}', 'secrets.PAT'],
  [true, '123456789012.dkr.ecr.eu-west-1.amazonaws.com', 'secrets.ECR'],
])('login to a registry (%s): %s with %s', async (expected, registry, password) => {
  const login = `- { uses: docker/login-action@v3, with: { registry: "${registry}", password: "\${{ ${password} }}" } }`;
  const text = `env: { REGISTRY: europe-docker.pkg.dev/acme }\n${steps(login)}`;
  expect((await rulesOf(text)).includes('workflow-static-registry-login')).toBe(expected);
});

it('a workflow that can only be called by its tag is pinned by it', async () => {
  const generator = 'slsa-framework/slsa-github-generator/.github/workflows/generator_container_slsa3.yml';
  const call = (version: string): string => job(`uses: ${generator}@${version}\nsecrets: { p: "\${{ secrets.P }}" }`);
  expect(await rulesOf(call('v2.1.0'))).not.toContain('workflow-third-party-unpinned-with-secrets');
  expect(await rulesOf(call('main'))).toContain('workflow-third-party-unpinned-with-secrets');
});

it('a secret that a caller hands over may be GITHUB_TOKEN', async () => {
  const text = steps(
    `- { uses: docker/login-action@v3, with: { registry: ghcr.io, password: "\${{ secrets.P }}" } }
- { uses: actions/checkout@v4, with: { token: "\${{ secrets.P }}" } }`,
    'workflow_call',
  );
  const stored = [
    'workflow-static-registry-login',
    'workflow-personal-token',
    'workflow-checkout-keeps-personal-token',
  ];
  expect((await rulesOf(text)).filter((rule) => stored.includes(rule))).toEqual([]);
});

it.each<[leaks: string, checkout: string, upload: string]>([
  ['no', 'v6', 'v3'],
  ['no', 'v4', 'v4'],
  ['yes', 'v4', 'v4.3.1'],
  ['yes', 'v5.0.0', 'v4, with: { path: ., include-hidden-files: true }'],
  ['not known', 'a'.repeat(40), 'v3'],
])('an artifact of the workspace leaks the token: %s (%s, %s)', async (leaks, checkout, upload) => {
  const { declare } = await import('../declared.ts');
  const uploads = upload.includes('with') ? upload : `${upload}, with: { path: "\${{ github.workspace }}" }`;
  const text = steps(`- { uses: actions/checkout@${checkout} }\n- { uses: actions/upload-artifact@${uploads} }`);
  const { facts } = await declare(collector, { [PATH]: text });
  const expected = { yes: true, no: false, 'not known': undefined }[leaks];
  expect(facts(`${PATH}#a`)['uploadsCheckoutToken']).toBe(expected);
});
