import { expect, it } from 'vitest';
import collector from '../../../src/collectors/azure-pipelines/index.ts';
import { collectorContract } from '../../contract/collector-contract.ts';
import { declare, declaredCase } from '../declared.ts';
import { failedRules } from '../judged.ts';

const PATH = 'azure-pipelines.yml';
const rulesOf = (text: string) => failedRules(collector, { [PATH]: text });

const GOOD = `
trigger: [main]
pr: none
variables:
  - group: shop-production
  - name: region
    value: westeurope
resources:
  repositories: [{ repository: templates, type: git, name: acme/templates, ref: refs/tags/v3 }]
stages:
  - stage: build
    jobs:
      - job: test
        steps:
          - checkout: self
          - \${{ if eq(parameters.sign, true) }}:
              - { task: DownloadSecureFile@1, inputs: { secureFile: signing.p12 } }
          - script: npm test
  - stage: release
    jobs:
      - deployment: web
        environment: { name: production }
        strategy:
          runOnce:
            deploy:
              steps:
                - { task: AzureWebApp@1, inputs: { azureSubscription: shop-production-connection, appName: shop } }
                - { task: Docker@2, inputs: { containerRegistry: $(registry) } }
`;

it('knows connections, groups and secure files of jobs in stages and conditions', async () => {
  const { facts, named, edges } = await declare(collector, { [PATH]: GOOD });
  expect(facts(`${PATH}#build/test`)['usesSecrets']).toEqual(['signing.p12']);
  expect(facts(`${PATH}#release/web`)).toMatchObject({
    usesSecrets: ['shop-production-connection'],
    environment: 'production',
    deploys: true,
    triggers: ['push'],
  });
  expect(named('shop-production').type).toBe('ci_context');
  expect(edges.map(({ toKey }) => toKey.value)).toEqual([
    'azure-devops:ci-context:acme/shop:shop-production',
    'azure-devops:secure-file:acme/shop:signing.p12',
    'azure-devops:service-connection:acme/shop:shop-production-connection',
  ]);
  expect(await rulesOf(GOOD)).toEqual([]);
});

it('names a credential where it stands, and none that a script sets', async () => {
  const text = `trigger: none
variables:
  - group: shop
steps:
  - script: echo start
  - task: AzureCLI@2
    inputs:
      azureSubscription: shop connection
      inlineScript: |
        echo "##vso[task.setvariable variable=ARM_ID_TOKEN]$idToken"
  - pwsh: |
      $sasToken = az storage generate-sas
      SIGN_KEY=1 DEPLOY_TOKEN=$DEPLOY_TOKEN ./run $(ARM_ID_TOKEN) $sasToken
    env:
      NPM_TOKEN: $(registry_token)
`;
  const { identities } = await declare(collector, { [PATH]: text });
  const places = identities
    .filter(({ type }) => !type.startsWith('pipeline'))
    .map(({ name, evidence }) => [name, evidence[0]?.location?.startLine]);
  expect(places).toEqual([
    ['shop', 3],
    ['shop connection', 8],
    ['DEPLOY_TOKEN', 11],
    ['registry_token', 15],
  ]);
});

it.each<[rule: string, text: string]>([
  [
    'azure-pipeline-connection-in-environment',
    'steps: [{ task: AzureCLI@2, inputs: { azureSubscription: a, addSpnToEnvironment: true, inlineScript: x } }]',
  ],
  ['pipeline-checkout-token-kept', 'steps: [{ checkout: self, persistCredentials: true }]'],
  ['pipeline-static-cloud-credentials', 'steps: [{ script: terraform plan, env: { ARM_CLIENT_SECRET: $(secret) } }]'],
  ['pipeline-literal-secret', 'variables: { deploy_token: Zt6rHqW2pLx9 }\nsteps: []'],
  [
    'pipeline-unpinned-include',
    'resources: { repositories: [{ repository: t, name: acme/t, ref: refs/heads/main }] }\nsteps: []',
  ],
  ['pipeline-merge-request-secrets', 'pr: [main]\nsteps: [{ task: Docker@2, inputs: { containerRegistry: hub } }]'],
  ['pipeline-deploy-without-environment', 'jobs: [{ job: a, steps: [{ task: HelmDeploy@0 }] }]'],
  ['pipeline-prints-secret', 'steps: [{ bash: echo $(DEPLOY_TOKEN) }]'],
])('%s: %j', async (rule, text) => expect(await rulesOf(text)).toContain(rule));

it.each([
  '- 1\nsteps: x',
  'steps: 7',
  'stages: [1, { stage: a, jobs: { x: 1 } }]\nvariables: 9',
  'jobs: [{ deployment: a, strategy: { runOnce: 1, canary: { on: { failure: 2 } } } }]',
])('takes %j', async (text) => expect((await declare(collector, { [PATH]: text })).identities.length).toBeLessThan(4));

it('takes no other file for a pipeline', async () => {
  const texts = ['apiVersion: tekton.dev/v1\nsteps: []', 'spec: { steps: [] }'];
  for (const text of texts) expect((await declare(collector, { [PATH]: text })).identities).toEqual([]);
});

it('leaves other files alone', () => {
  expect(collector.accepts('.azuredevops/release.yml')).toBe(true);
  expect(collector.accepts('docs/azure.yml')).toBe(false);
  expect(collector.accepts('build.yaml')).toBe(false);
  const shared = 'deploy/pipelines/build.yaml';
  expect(collector.accepts(shared)).toBe(true);
  const isOurs = (text: string, path = shared) => collector.sniff?.(Buffer.from(text), path);
  expect(isOurs('steps:\n  - task: AzureCLI@2\n')).toBe(true);
  expect(isOurs('stages:\n- stage: build\n')).toBe(true);
  expect(isOurs('stages: [build]\njob:\n  stage: build\n')).toBe(false);
  expect(isOurs('jobs:\n- name: a\n  plan:\n  - task: build\n')).toBe(false);
  expect(isOurs('apiVersion: tekton.dev/v1\nsteps:\n- task: a@1\n')).toBe(false);
  expect(isOurs('steps: []\n', 'azure-pipelines.yml')).toBe(true);
  expect(collector.sniff?.(Buffer.from('a: 1'))).toBe(false);
});

collectorContract(collector, [
  declaredCase('a pipeline', { [PATH]: GOOD }, { identities: 6 }),
  declaredCase('a broken one', { [PATH]: 'steps: [' }),
]);
