import { describe, expect, it } from 'vitest';
import collector from '../../../src/collectors/gitlab-ci/index.ts';
import { collectorContract } from '../../contract/collector-contract.ts';
import { declare, declaredCase } from '../declared.ts';
import { failedRules, failuresOf } from '../judged.ts';

const PATH = '.gitlab-ci.yml';
const read = (text: string) => declare(collector, { [PATH]: text });
const rulesOf = (text: string) => failedRules(collector, { [PATH]: text });

const GOOD = `
include:
  - local: /ci/build.yml
  - { project: acme/ci, ref: v1.4.0, file: deploy.yml }
  - component: gitlab.example.com/acme/scan/sast@2.1.0
  - { remote: "https://ci.example.com/a.yml", integrity: sha256-abc }
variables: { CACHE_KEY: v1, NODE_ENV: production }
deploy:
  id_tokens: { AWS_TOKEN: { aud: https://gitlab.example.com } }
  secrets:
    DB_PASSWORD: { vault: production/db/password@ops }
  environment: production
  rules: [{ if: '$CI_COMMIT_BRANCH == "main"' }]
  script:
    - aws sts assume-role-with-web-identity --role-arn arn:aws:iam::123456789012:role/deploy --web-identity-token $AWS_TOKEN
    - echo "$CI_JOB_TOKEN" | docker login --password-stdin
    - kubectl apply -f k8s
test:
  rules: [{ if: '$CI_PIPELINE_SOURCE == "merge_request_event"' }]
  script: npm test
`;

it('accepts pipelines and the files that they include', () => {
  for (const path of [
    PATH,
    'sub/.gitlab-ci.yml',
    'ci/build.gitlab-ci.yml',
    '.gitlab/ci/jobs/a.yaml',
    '.gitlab-ci/build.yml',
  ])
    expect(collector.accepts(path), path).toBe(true);
  for (const path of ['gitlab-ci.yml.md', '.gitlab/issue.yml', '.github/workflows/ci.yml'])
    expect(collector.accepts(path), path).toBe(false);
});

it('is silent on a pipeline that does it right, and knows what its jobs use', async () => {
  const { facts, edges } = await read(GOOD);
  expect(await rulesOf(GOOD)).toEqual([]);
  expect(facts(`${PATH}#deploy`)).toMatchObject({
    idTokenWrite: true,
    environment: 'production',
    deploys: true,
    triggers: ['push'],
    usesSecrets: ['DB_PASSWORD'],
  });
  expect(edges.map(({ kind, toKey }) => `${kind} ${toKey.kind} ${toKey.value}`).sort()).toEqual([
    'can-assume aws-arn arn:aws:iam::123456789012:role/deploy',
    'uses identity vault:vault-secret:ops/production/db',
  ]);
});

describe('rules fire on', () => {
  const literal = 'Zt6rHqW2pLx9';
  it.each<[rule: string, text: string]>([
    ['pipeline-static-cloud-credentials', 'a: { script: deploy --key "$AWS_SECRET_ACCESS_KEY" }'],
    ['pipeline-static-cloud-credentials', 'a: { variables: { AWS_SECRET_ACCESS_KEY: $PROD_KEY }, script: x }'],
    ['pipeline-static-key-despite-oidc', 'a: { id_tokens: { T: { aud: x } }, script: x $AWS_SECRET_ACCESS_KEY }'],
    ['pipeline-literal-secret', `variables: { DEPLOY_TOKEN: ${literal} }\na: { script: x }`],
    ['pipeline-literal-secret', `a: { variables: { DB_PASSWORD: { value: ${literal} } }, script: x }`],
    ['pipeline-remote-include', 'include: https://user:password@ci.example.com/a.yml?t=1\na: { script: x }'],
    ['pipeline-unpinned-include', 'include: [{ project: acme/ci, ref: main, file: a.yml }]\na: { script: x }'],
    ['pipeline-unpinned-include', 'include: [{ component: gitlab.com/acme/a/b@~latest }]\na: { script: x }'],
    ['pipeline-merge-request-secrets', 'a: { only: [merge_requests], script: "x $DEPLOY_TOKEN" }'],
    [
      'pipeline-merge-request-secrets',
      'workflow: { rules: [{ if: $CI_MERGE_REQUEST_IID }] }\na: { script: "x $DEPLOY_TOKEN" }',
    ],
    ['pipeline-deploy-without-environment', 'a: { script: [cd infra && terraform apply -auto-approve] }'],
    ['pipeline-prints-secret', 'a: { script: [echo "token is $DEPLOY_TOKEN"] }'],
    ['pipeline-job-jwt', 'a: { script: [vault write auth/jwt/login jwt=$CI_JOB_JWT_V2] }'],
    ['pipeline-debug-trace', 'a: { variables: { CI_DEBUG_TRACE: "true" }, script: x }'],
  ])('%s: %j', async (rule, text) => expect(await rulesOf(text)).toContain(rule));

  it.each([
    'a: { only: [merge_requests], script: npm test }',
    'a: { rules: [{ if: $CI_PIPELINE_SOURCE == "merge_request_event", when: never }, { when: always }], script: x $T_TOKEN }',
    'a: { script: [\'echo "$DEPLOY_TOKEN" | docker login --password-stdin\'] }',
    'a: { services: [postgres], variables: { POSTGRES_PASSWORD: postgres, TEST_PASSWORD: changeme123 }, script: x }',
    'a: { script: [terraform plan, kubectl get pods] }',
  ])('nothing in %j', async (text) => expect(await rulesOf(text)).toEqual([]));
});

it('keeps no user and no query of an address', async () => {
  const { facts } = await read('include: https://user:password@ci.example.com/a.yml?t=1\na: { script: x }');
  expect(facts(PATH)['remoteIncludes']).toEqual(['https://ci.example.com/a.yml']);
});

it('takes from templates of any file, also where they extend themselves', async () => {
  const files = {
    [PATH]: 'deploy: { extends: [.base, .loop], script: "x $OWN_TOKEN" }',
    'ci/base.gitlab-ci.yml':
      '.base: { environment: { name: production }, before_script: ["x $BASE_TOKEN"] }\n.loop: { extends: .loop }',
  };
  const { facts } = await declare(collector, files);
  expect(facts(`${PATH}#deploy`)).toMatchObject({
    environment: 'production',
    usesSecrets: ['BASE_TOKEN', 'OWN_TOKEN'],
  });
  expect((await failuresOf(collector, files)).filter((failure) => failure.includes('.base'))).toEqual([]);
});

it('reads a component behind its inputs, and tags', async () => {
  const { named, gaps } = await read(
    'spec:\n  inputs: { x: {} }\n---\na:\n  script:\n    - !reference [.b, script]\n    - x $A_TOKEN\n',
  );
  expect(gaps).toEqual([]);
  expect(named(`${PATH}#a`).attributes['usesSecrets']?.value).toEqual(['A_TOKEN']);
});

it.each([
  '',
  '- 1',
  'a: 7',
  'a: { script: 1, rules: x, extends: 9, secrets: [], id_tokens: y }',
  'include: [1, {}, [2]]',
])('takes %j', async (text) => expect((await read(text)).gaps).toEqual([]));

collectorContract(collector, [
  declaredCase(
    'a pipeline, and a broken one',
    {
      [PATH]: `${GOOD}\nbad: { variables: { DEPLOY_TOKEN: a literal value 1 }, script: "x $OTHER_TOKEN" }`,
      'ci/broken.gitlab-ci.yml': 'a: [',
    },
    { identities: 4, secrets: ['a literal value 1'] },
  ),
]);
