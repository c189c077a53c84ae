import { expect, it } from 'vitest';
import collector from '../../../src/collectors/circleci/index.ts';
import { collectorContract } from '../../contract/collector-contract.ts';
import { declare, declaredCase } from '../declared.ts';
import { failedRules } from '../judged.ts';

const PATH = '.circleci/config.yml';
const rulesOf = (text: string) => failedRules(collector, { [PATH]: text });

const GOOD = `
version: 2.1
orbs: { aws-cli: circleci/aws-cli@5.1, scan: acme/scan@1.2.3 }
commands:
  login: { steps: [{ aws-cli/setup: { role_arn: "arn:aws:iam::123456789012:role/deploy" } }] }
jobs:
  test: { docker: [{ image: node }], steps: [checkout, { run: npm test }] }
  deploy: { steps: [login, { run: { command: ./deploy.sh } }] }
workflows:
  main:
    jobs:
      - test
      - ok: { type: approval }
      - deploy: { context: [production], requires: [ok] }
`;

it('knows the contexts of a job, and the role as which it acts', async () => {
  const { facts, edges, named } = await declare(collector, { [PATH]: GOOD });
  expect(facts(`${PATH}#deploy`)).toMatchObject({
    usesSecrets: ['production'],
    idTokenWrite: true,
    contextOnAnyBranch: false,
  });
  expect(named('production')).toMatchObject({ id: 'circleci:ci-context:acme:production', type: 'ci_context' });
  expect(edges.map(({ kind, toKey }) => `${kind} ${toKey.value}`)).toEqual([
    'can-assume arn:aws:iam::123456789012:role/deploy',
    'uses circleci:ci-context:acme:production',
  ]);
  expect(await rulesOf(GOOD)).toEqual([]);
});

const workflow = (job: string, more = ''): string =>
  `jobs: { a: { steps: [${job}] } }\nworkflows: { w: { jobs: [{ a: { context: c, filters: { branches: { only: main } } } }] } }\n${more}`;

it.each<[rule: string, text: string]>([
  ['pipeline-static-cloud-credentials', workflow('{ run: "x $GCLOUD_SERVICE_KEY" }')],
  ['pipeline-static-key-despite-oidc', workflow('{ run: "x $AWS_SECRET_ACCESS_KEY $CIRCLE_OIDC_TOKEN_V2" }')],
  ['pipeline-literal-secret', 'jobs: { a: { environment: { DEPLOY_TOKEN: Zt6rHqW2pLx9 }, steps: [] } }'],
  ['pipeline-prints-secret', workflow('{ run: echo $DEPLOY_TOKEN }')],
  ['pipeline-unpinned-include', workflow('checkout', 'orbs: { d: acme/deploy@1 }')],
  ['pipeline-third-party-unpinned-with-secrets', workflow('d/push', 'orbs: { d: acme/deploy@volatile }')],
  [
    'pipeline-third-party-unpinned-with-secrets',
    'orbs: { d: acme/deploy@dev:x }\nworkflows: { w: { jobs: [{ d/push: { context: c } }] } }',
  ],
  ['pipeline-context-any-branch', 'jobs: { a: { steps: [] } }\nworkflows: { w: { jobs: [{ a: { context: c } }] } }'],
])('%s: %j', async (rule, text) => expect(await rulesOf(text)).toContain(rule));

it('reads steps inside conditions and commands that call themselves', async () => {
  const text = `commands: { c: { steps: [c, { when: { condition: x, steps: [{ run: "x $A_TOKEN" }] } }] } }\njobs: { a: { steps: [c] } }`;
  expect((await declare(collector, { [PATH]: text })).facts(`${PATH}#a`)['usesSecrets']).toEqual(['A_TOKEN']);
});

it.each(['', '[]', 'jobs: 1', 'jobs: { a: 2 }\nworkflows: { w: { jobs: { b: 1 } }, version: 2 }', 'orbs: { x: {} }'])(
  'takes %j',
  async (text) => expect((await declare(collector, { [PATH]: text })).gaps).toEqual([]),
);

collectorContract(collector, [
  declaredCase(
    'a pipeline, and a broken one',
    { [PATH]: `${GOOD}      - test: { name: a literal value 1x }`, '.circleci/broken.yml': 'a: [' },
    { identities: 4 },
  ),
]);
