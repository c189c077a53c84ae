import { describe, expect, it } from 'vitest';
import collector from '../../../src/collectors/buildkite/index.ts';
import { collectorContract } from '../../contract/collector-contract.ts';
import { declare, declaredCase } from '../declared.ts';
import { failedRules } from '../judged.ts';

const PIPELINE = `env:
  REGION: eu-west-1
steps:
  - label: test
    command: npm test
  - wait
  - group: release
    steps:
      - key: publish
        commands: [npm publish]
        secrets: [NPM_TOKEN]
        plugins:
          - docker-login#v3.0.0: {username: acme, password-env: DOCKER_PASSWORD}
          - acme/notify#main: {channel: ops}
      - label: deploy
        command: |
          buildkite-agent secret get DEPLOY_TOKEN
          helm upgrade shop ./chart
        plugins:
          - aws-assume-role-with-web-identity#v1.2.0:
              role-arn: arn:aws:iam::123456789012:role/deploy
`;
const FILES = { '.buildkite/pipeline.yml': PIPELINE };

describe('buildkite', () => {
  it.each([
    ['.buildkite/pipeline.yml', true],
    ['services/.buildkite/deploy.yaml', true],
    ['buildkite.yml', true],
    ['.buildkite/hooks/pre-command', false],
    ['docs/buildkite.md', false],
  ])('accepts %s: %s', (path, accepted) => {
    expect(collector.accepts(path)).toBe(accepted);
  });

  it('reads steps, also those of groups, with secrets, plugins and roles', async () => {
    const { identities, facts, edges } = await declare(collector, FILES);
    expect(identities.filter(({ type }) => type === 'pipeline_job').map(({ name }) => name)).toEqual([
      '.buildkite/pipeline.yml#test',
      '.buildkite/pipeline.yml#publish',
      '.buildkite/pipeline.yml#deploy',
    ]);
    expect(facts('.buildkite/pipeline.yml#publish')).toMatchObject({
      usesSecrets: ['NPM_TOKEN'],
      thirdPartyUnpinnedWithSecrets: ['acme/notify#main'],
    });
    expect(facts('.buildkite/pipeline.yml#deploy')).toMatchObject({
      usesSecrets: ['DEPLOY_TOKEN'],
      idTokenWrite: true,
    });
    expect(edges.map(({ kind, toKey }) => `${kind} ${toKey.value}`)).toEqual([
      'uses buildkite:ci-variable:acme/shop:NPM_TOKEN',
      'can-assume arn:aws:iam::123456789012:role/deploy',
      'uses buildkite:ci-variable:acme/shop:DEPLOY_TOKEN',
    ]);
  });

  it('fires rules about pipelines', async () => {
    expect(await failedRules(collector, FILES)).toEqual(['pipeline-third-party-unpinned-with-secrets']);
    expect(await failedRules(collector, { '.buildkite/a.yml': PIPELINE.replace('#main', '#v1.0.2') })).toEqual([]);
  });
});

collectorContract(collector, [
  declaredCase('a pipeline', FILES, { identities: 6 }),
  declaredCase('broken', {
    '.buildkite/a.yml': 'steps: {a: 1}\n',
    '.buildkite/b.yml': 'steps: [{command: {command: [1]}, plugins: 3, secrets: {a: [x]}}]\n',
    '.buildkite/c.yml': 'steps: [',
  }),
]);
