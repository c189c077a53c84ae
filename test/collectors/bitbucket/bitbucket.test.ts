import { expect, it } from 'vitest';
import collector from '../../../src/collectors/bitbucket/index.ts';
import { collectorContract } from '../../contract/collector-contract.ts';
import { declare, declaredCase } from '../declared.ts';
import { failedRules } from '../judged.ts';

const PATH = 'bitbucket-pipelines.yml';
const rulesOf = (text: string) => failedRules(collector, { [PATH]: text });

const GOOD = `
image: node:22
pipelines:
  default:
    - parallel: [{ step: { name: test, script: [npm test] } }, { step: { script: [npm run lint] } }]
  branches:
    main:
      - stage:
          deployment: production
          steps:
            - step:
                name: deploy
                oidc: true
                script:
                  - pipe: atlassian/aws-s3-deploy:1.1.0
                    variables: { AWS_OIDC_ROLE_ARN: "arn:aws:iam::123456789012:role/site", S3_BUCKET: shop }
                  - helm upgrade shop ./chart
`;

it('knows steps in parallel and stages, their deployment and role', async () => {
  const { identities, facts, edges } = await declare(collector, { [PATH]: GOOD });
  expect(identities.map(({ name }) => name)).toEqual([
    PATH,
    `${PATH}#default/1/1 test`,
    `${PATH}#default/1/2`,
    `${PATH}#branches/main/1/1 deploy`,
  ]);
  expect(facts(`${PATH}#branches/main/1/1 deploy`)).toMatchObject({
    environment: 'production',
    idTokenWrite: true,
    deploys: true,
  });
  expect(edges.map(({ kind, toKey }) => `${kind} ${toKey.value}`)).toEqual([
    'can-assume arn:aws:iam::123456789012:role/site',
  ]);
  expect(await rulesOf(GOOD)).toEqual([]);
});

const step = (fields: string, section = 'default'): string =>
  section === 'default'
    ? `pipelines: { default: [{ step: { ${fields} } }] }`
    : `pipelines: { ${section}: { "**": [{ step: { ${fields} } }] } }`;

it.each<[rule: string, text: string]>([
  [
    'pipeline-static-cloud-credentials',
    step('script: [{ pipe: "atlassian/aws-s3-deploy:1.1.0", variables: { AWS_SECRET_ACCESS_KEY: $PROD_KEY } }]'),
  ],
  ['pipeline-static-key-despite-oidc', step('oidc: true, script: ["x $AWS_SECRET_ACCESS_KEY"]')],
  [
    'pipeline-literal-secret',
    step('script: [{ pipe: "atlassian/ftp-deploy:0.3.0", variables: { PASSWORD: Zt6rHqW2pLx9 } }]'),
  ],
  [
    'pipeline-third-party-unpinned-with-secrets',
    step('script: [{ pipe: "docker://acme/push:latest", variables: { TOKEN: $DEPLOY_TOKEN } }]'),
  ],
  ['pipeline-merge-request-secrets', step('script: ["x $DEPLOY_TOKEN"]', 'pull-requests')],
  ['pipeline-deploy-without-environment', step('script: [kubectl apply -f x]')],
  ['pipeline-prints-secret', step('script: [echo $DEPLOY_TOKEN], after-script: []')],
])('%s: %j', async (rule, text) => expect(await rulesOf(text)).toContain(rule));

it.each([
  '',
  '7',
  'pipelines: []',
  'pipelines: { default: { step: 1 }, branches: [x], custom: { a: [{ parallel: 1 }, 2] } }',
])('takes %j', async (text) => expect((await declare(collector, { [PATH]: text })).gaps).toEqual([]));

collectorContract(collector, [
  declaredCase('a pipeline', { [PATH]: `${GOOD}\n` }, { identities: 4 }),
  declaredCase('a broken one', { [PATH]: 'pipelines: [' }),
]);
