import { expect, it } from 'vitest';
import collector from '../../src/collectors/not-read.ts';
import { collectorContract } from '../contract/collector-contract.ts';
import { declare, declaredCase } from './declared.ts';

it.each([
  ['.travis.yml', 'Travis CI'],
  ['.cirrus.yml', 'Cirrus CI'],
  ['.forgejo/workflows/ci.yaml', 'Gitea or Forgejo workflow'],
  ['infra/Pulumi.prod.yaml', 'Pulumi'],
  ['renovate.json', 'Renovate'],
])('names %s as %s', async (path, name) => {
  const { skips, gaps, identities } = await declare(collector, { [path]: 'steps: []\n' });
  expect(skips).toEqual([`${path}: ${name}`]);
  expect([...gaps, ...identities]).toEqual([]);
});

it.each([
  'src/transaction.yml',
  'README.md',
  'docker-compose.yml',
  '.github/workflows/ci.yml',
  '.github/dependabot.yml',
  '.gitlab-ci.yml',
  'ci/Jenkinsfile',
  '.github/actions/deploy/action.yaml',
  'my-action.yml',
  'profile.ts',
])('leaves %s to others', (path) => expect(collector.accepts(path)).toBe(false));

collectorContract(collector, [declaredCase('a format that is not read', { '.travis.yml': 'steps: []\n' })]);
