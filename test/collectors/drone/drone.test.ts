import { describe, expect, it } from 'vitest';
import collector from '../../../src/collectors/drone/index.ts';
import { collectorContract } from '../../contract/collector-contract.ts';
import { declare, declaredCase } from '../declared.ts';
import { failedRules } from '../judged.ts';

const DRONE = `kind: pipeline
type: docker
name: default
trigger:
  event: [push, pull_request]
steps:
- name: test
  image: node:22.1.0
  commands: [npm test]
- name: publish
  image: plugins/docker
  settings:
    repo: acme/shop
    password: {from_secret: docker_password}
  when: {event: [push]}
- name: deploy
  image: acme/deployer
  environment:
    AWS_SECRET_ACCESS_KEY: {from_secret: aws_secret}
  commands: [helm upgrade shop ./chart]
  when: {event: [promote]}
---
kind: secret
name: docker_password
get: {path: ci/docker, name: password}
`;
const WOODPECKER = `when:
  event: tag
steps:
  release:
    image: woodpeckerci/plugin-release
    secrets: [release_token, {source: prod_key, target: aws_secret_access_key}]
  notify:
    image: alpine
    commands: [echo $DEPLOY_TOKEN]
    environment:
      DEPLOY_TOKEN: {from_secret: deploy_token}
`;
const FILES = { '.drone.yml': DRONE, '.woodpecker/release.yaml': WOODPECKER };

describe('drone', () => {
  it.each([
    ['.drone.yml', true],
    ['.woodpecker.yaml', true],
    ['.woodpecker/build.yml', true],
    ['services/.drone.yml', true],
    ['drone.yml', false],
    ['.drone.star', false],
  ])('accepts %s: %s', (path, accepted) => {
    expect(collector.accepts(path)).toBe(accepted);
  });

  it('reads steps of both systems, their triggers and secrets', async () => {
    const { identities, facts, edges } = await declare(collector, FILES);
    expect(identities.filter(({ type }) => type === 'pipeline_job').map(({ id }) => id)).toEqual([
      'pipeline:drone:acme/shop:.drone.yml#default/test',
      'pipeline:drone:acme/shop:.drone.yml#default/publish',
      'pipeline:drone:acme/shop:.drone.yml#default/deploy',
      'pipeline:woodpecker:acme/shop:.woodpecker/release.yaml#release',
      'pipeline:woodpecker:acme/shop:.woodpecker/release.yaml#notify',
    ]);
    expect(facts('.drone.yml#default/test')).toMatchObject({ triggers: ['merge_request', 'push'], usesSecrets: [] });
    expect(facts('.drone.yml#default/deploy')).toMatchObject({
      triggers: ['manual'],
      usesSecrets: ['aws_secret'],
      staticCloudCredentials: ['aws'],
      thirdPartyUnpinnedWithSecrets: ['acme/deployer'],
    });
    expect(facts('.woodpecker/release.yaml#release')).toMatchObject({
      usesSecrets: ['prod_key', 'release_token'],
      staticCloudCredentials: ['aws'],
      thirdPartyUnpinnedWithSecrets: [],
      triggers: ['push'],
    });
    expect(edges.map(({ kind, toKey }) => `${kind} ${toKey.value}`)).toContain(
      'uses drone:ci-variable:acme/shop:docker_password',
    );
  });

  it('does not say which events run a step that names none', async () => {
    const { facts } = await declare(collector, { '.drone.yml': 'kind: pipeline\nsteps: [{name: a, image: b}]\n' });
    expect(facts('.drone.yml#a')['triggers']).toBeUndefined();
  });

  it('fires rules about pipelines', async () => {
    expect(await failedRules(collector, FILES)).toEqual([
      'pipeline-prints-secret',
      'pipeline-static-cloud-credentials',
      'pipeline-third-party-unpinned-with-secrets',
    ]);
    const good = DRONE.replace('acme/deployer', 'acme/deployer:1.2.3').replace('AWS_SECRET_ACCESS_KEY', 'PLAIN');
    expect(await failedRules(collector, { '.drone.yml': good })).toEqual([]);
  });
});

collectorContract(collector, [
  declaredCase('both systems', FILES, { identities: 7 }),
  declaredCase('broken', { '.drone.yml': 'kind: pipeline\nsteps: {a: [1]}\n---\n[', '.woodpecker.yml': 'steps: 1' }),
]);
