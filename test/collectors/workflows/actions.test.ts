import { describe, expect, it } from 'vitest';
import collector from '../../../src/collectors/workflows/index.ts';
import { declare } from '../declared.ts';
import { failedRules } from '../judged.ts';

const ACTION = 'tools/deploy/action.yml';
const composite = (steps: string): string =>
  `name: x\nruns:\n  using: composite\n  steps:\n${steps.replace(/^/gm, '    ')}`;

describe('composite actions', () => {
  it('hand inputs with names of credentials to actions that can change', async () => {
    const text = composite(`- { uses: vendor/deploy@v1, with: { token: "\${{ inputs.api-token }}" } }
- { uses: vendor/build@v1, with: { name: "\${{ inputs.token-count }}", path: "\${{ inputs.path }}" } }
- { uses: vendor/plain@v1, with: { path: "\${{ inputs.path }}" } }
- uses: actions/checkout@v4`);
    const { facts } = await declare(collector, { [ACTION]: text });
    expect(facts(ACTION)).toMatchObject({
      thirdPartyUnpinnedWithSecrets: ['vendor/deploy@v1'],
      persistsCheckoutToken: true,
      staticPublishing: [],
    });
    expect(await failedRules(collector, { [ACTION]: text })).toEqual([
      'workflow-checkout-token-kept',
      'workflow-third-party-unpinned-with-secrets',
    ]);
  });

  it('are used by jobs and by each other', async () => {
    const { edges } = await declare(collector, {
      [ACTION]: composite('- { uses: ./ }'),
      'action.yaml': composite('- run: x'),
      '.github/workflows/a.yml':
        'on: push\njobs:\n  a: { steps: [{ uses: ./tools/deploy/ }] }\n  b: { uses: ./.github/workflows/b.yml }\n',
      '.github/workflows/b.yml': 'on: workflow_call\njobs: {}\n',
    });
    const uses = edges.map(({ from, toKey }) => `${from} ${toKey.value}`);
    expect(uses).toContain('workflow:acme/shop:.github/workflows/a.yml#a action:acme/shop:tools/deploy/action.yml');
    expect(uses).toContain('workflow:acme/shop:.github/workflows/a.yml#b workflow:acme/shop:.github/workflows/b.yml');
    expect(uses).toContain('action:acme/shop:tools/deploy/action.yml action:acme/shop:action.yaml');
  });

  it.each(['runs: { using: node20, main: x.js }', 'runs: 1', '', '- 1', 'runs: { using: composite, steps: 7 }'])(
    'takes %j',
    async (text) => expect((await declare(collector, { [ACTION]: text })).gaps).toEqual([]),
  );
});

describe('Dependabot', () => {
  const PATH = '.github/dependabot.yml';
  const BAD = `version: 2
registries:
  npm: { type: npm-registry, url: "http://npm.example.com", token: "\${{secrets.NPM}}" }
  gems: { type: rubygems-server, url: https://gems.example.com, username: acme, password: placeholder }
updates:
  - { package-ecosystem: bundler, registries: "*", insecure-external-code-execution: allow }
  - { package-ecosystem: npm, registries: [npm] }
`;

  it('uses the secrets of its registries', async () => {
    const { edges, facts } = await declare(collector, { [PATH]: BAD });
    expect(edges.map(({ toKey }) => toKey.value)).toEqual(['github:dependabot-secret:acme/shop:NPM']);
    expect(facts(PATH)).toEqual({
      usesSecrets: ['NPM'],
      literalSecrets: ['gems.password'],
      plainHttp: true,
      runsForeignCode: ['bundler'],
      allRegistries: ['bundler'],
    });
    expect(await failedRules(collector, { [PATH]: BAD })).toEqual([
      'dependabot-all-registries',
      'dependabot-literal-credential',
      'dependabot-plain-http-registry',
      'dependabot-runs-foreign-code',
    ]);
  });

  it.each([
    'version: 2\nupdates: [{ package-ecosystem: npm, directory: / }]',
    'version: 2\nregistries:\n  npm: { type: npm-registry, url: https://npm.example.com, token: "${{secrets.NPM}}" }\nupdates: [{ package-ecosystem: npm, registries: "*" }]',
    'registries: 7\nupdates: x',
    '',
  ])('is fine with %j', async (text) => expect(await failedRules(collector, { [PATH]: text })).toEqual([]));
});
