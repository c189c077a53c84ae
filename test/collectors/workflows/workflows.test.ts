import { describe, expect, it } from 'vitest';
import collector from '../../../src/collectors/workflows/index.ts';
import { collectorContract } from '../../contract/collector-contract.ts';
import { declare, declaredCase } from '../declared.ts';

const PATH = '.github/workflows/ci.yml';
const read = (text: string) => declare(collector, { [PATH]: text });

describe('workflows', () => {
  it('accepts workflows of the root, actions anywhere, and the configuration of Dependabot', () => {
    expect(collector.accepts(PATH)).toBe(true);
    expect(collector.accepts('sub/.github/workflows/ci.yml')).toBe(false);
    expect(collector.accepts('.github/dependabot.yml')).toBe(true);
    expect(collector.accepts('sub/.github/dependabot.yml')).toBe(false);
    expect(collector.accepts('tools/deploy/action.yaml')).toBe(true);
    expect(collector.accepts('tools/reaction.yml')).toBe(false);
  });

  it('names the secrets that a job uses, in every way an expression can', async () => {
    const { edges, facts } = await read(`
on: push
jobs:
  a:
    if: secrets.IN_IF != ''
    steps:
      - run: echo \${{ secrets.DOTTED }} \${{ secrets['QUOTED'] }}
        env: { T: "\${{ secrets.GITHUB_TOKEN }}", U: "\${{ format('{0}', secrets.lower) }}" }
      - run: echo secrets.NOT_AN_EXPRESSION
`);
    const uses = edges.filter((edge) => edge.from.endsWith('#a')).map((edge) => edge.toKey.value);
    expect(uses).toEqual(['acme/shop:DOTTED', 'acme/shop:IN_IF', 'acme/shop:LOWER', 'acme/shop:QUOTED']);
    expect(facts(`${PATH}#a`)['usesSecrets']).toEqual(['DOTTED', 'GITHUB_TOKEN', 'IN_IF', 'LOWER', 'QUOTED']);
  });

  it('names the cloud identities as which a job acts', async () => {
    const { edges } = await read(`
on: push
jobs:
  a:
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with: { role-to-assume: arn:aws:iam::123456789012:role/deploy }
      - uses: google-github-actions/auth@v2
        with: { service_account: deploy@shop.iam.gserviceaccount.com }
      - uses: azure/login@v2
        with: { client-id: 00000000-1111-2222-3333-444444444444 }
      - run: aws ecs register --task-role arn:aws:iam::123456789012:role/task
`);
    expect(edges.map(({ kind, toKey }) => `${kind} ${toKey.kind} ${toKey.value}`)).toEqual([
      'can-assume aws-arn arn:aws:iam::123456789012:role/deploy',
      'can-assume gcp-service-account deploy@shop.iam.gserviceaccount.com',
      'can-assume azure-client-id 00000000-1111-2222-3333-444444444444',
    ]);
  });

  it('tells what GITHUB_TOKEN may do, from the job, the workflow, or not at all', async () => {
    const { facts, named } = await read(`
on: push
permissions: { contents: read, id-token: write }
jobs:
  inherits: { steps: [] }
  own: { permissions: write-all, steps: [] }
  none: { permissions: {}, steps: [] }
`);
    expect(facts(`${PATH}#inherits`)).toMatchObject({
      permissionsDeclared: 'workflow',
      idTokenWrite: true,
      privilegeTier: 2,
    });
    expect(facts(`${PATH}#own`)).toMatchObject({
      permissionsDeclared: 'job',
      permissions: ['*:write'],
      privilegeTier: 1,
    });
    expect(facts(`${PATH}#none`)).toMatchObject({ permissions: [], privilegeTier: 4 });
    expect(named(`${PATH}#own`).grants[0]).toMatchObject({
      permission: '*:write',
      tier: 1,
      location: { startLine: 6 },
    });
    expect((await read('on: push\njobs: { a: { steps: [] } }')).facts(`${PATH}#a`)).not.toHaveProperty('permissions');
  });

  it.each([
    ['on: push', ['push']],
    ['on: [push, pull_request]', ['pull_request', 'push']],
    ['on: { pull_request_target: {}, push: {} }', ['pull_request_target', 'push']],
  ])('reads triggers of %j', async (on, triggers) => {
    expect((await read(`${on}\njobs: {}`)).facts(PATH)['triggers']).toEqual(triggers);
  });

  it("sees a stranger's code run with secrets", async () => {
    const job =
      'jobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n        with: { ref: "${{ github.event.pull_request.head.sha }}" }';
    expect((await read(`on: pull_request_target\n${job}`)).facts(`${PATH}#a`)['checksOutPullRequestHead']).toBe(true);
    expect((await read(`on: pull_request\n${job}`)).facts(`${PATH}#a`)['checksOutPullRequestHead']).toBe(false);
  });

  it('sees stored cloud keys, inherited and dumped secrets, and unpinned actions with secrets', async () => {
    const { facts } = await read(`
on: push
jobs:
  cloud:
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with: { aws-access-key-id: "\${{ secrets.ID }}", aws-secret-access-key: "\${{ secrets.KEY }}" }
      - run: terraform apply
        env: { ARM_CLIENT_SECRET: "\${{ secrets.ARM }}" }
  federated:
    steps: [{ uses: aws-actions/configure-aws-credentials@v4, with: { role-to-assume: arn } }]
  called: { uses: ./.github/workflows/x.yml, secrets: inherit }
  dump: { steps: [{ run: "echo \${{ toJSON(secrets) }}" }] }
  third:
    runs-on: [self-hosted, linux]
    environment: { name: production }
    steps:
      - { uses: vendor/deploy@v1, with: { token: "\${{ secrets.T }}" } }
      - { uses: vendor/pinned@${'a'.repeat(40)}, with: { token: "\${{ secrets.T }}" } }
      - { uses: actions/setup-node@v4, with: { token: "\${{ secrets.T }}" } }
      - { uses: vendor/no-secret@v1 }
`);
    expect(facts(`${PATH}#cloud`)['staticCloudCredentials']).toEqual(['aws', 'azure']);
    expect(facts(`${PATH}#federated`)['staticCloudCredentials']).toEqual([]);
    expect(facts(`${PATH}#called`)['inheritsSecrets']).toBe(true);
    expect(facts(`${PATH}#dump`)['dumpsSecrets']).toBe(true);
    expect(facts(`${PATH}#third`)).toMatchObject({
      thirdPartyUnpinnedWithSecrets: ['vendor/deploy@v1'],
      environment: 'production',
      selfHosted: true,
    });
  });

  it.each(['jobs: [', 'a: &a [x]\nb: *c'])('makes a gap of %j', async (text) => {
    const { gaps, identities } = await read(text);
    expect(gaps).toHaveLength(1);
    expect(gaps[0]).toMatch(/^\.github\/workflows\/ci\.yml:\d+: /);
    expect(identities).toEqual([]);
  });

  it.each(['', '- 1', 'jobs: 7', 'jobs: { a: [] }', 'on: 1\njobs: { a: { steps: 3, permissions: 9 } }'])(
    'takes %j without a crash',
    async (text) => {
      expect((await read(text)).gaps).toEqual([]);
    },
  );
});

collectorContract(collector, [
  declaredCase(
    'a workflow, and a broken one',
    {
      [PATH]:
        "on: push\npermissions: write-all\njobs:\n  a:\n    env: { PASSWORD: 'a literal value 1' }\n    steps: [{ run: 'echo ${{ secrets.A }}' }]\n",
      '.github/workflows/broken.yml': 'jobs: [',
    },
    { identities: 2, secrets: ['a literal value 1'] },
  ),
  declaredCase(
    'actions, and Dependabot',
    {
      'deploy/action.yml':
        "runs:\n  using: composite\n  steps: [{ uses: vendor/deploy@v1, with: { token: '${{ inputs.api-token }}' } }]\n",
      '.github/dependabot.yml':
        'version: 2\nregistries:\n  npm: { type: npm-registry, url: https://npm.example.com, token: a literal value 2 }\nupdates: []\n',
    },
    { identities: 2, secrets: ['a literal value 2'] },
  ),
]);
