import fc from 'fast-check';
import { expect, it } from 'vitest';
import collector from '../../../src/collectors/jenkins/index.ts';
import { tokensOf } from '../../../src/collectors/jenkins/tokens.ts';
import { collectorContract } from '../../contract/collector-contract.ts';
import { itRarely } from '../../it-rarely.ts';
import { declare, declaredCase } from '../declared.ts';
import { failedRules } from '../judged.ts';

const PATH = 'Jenkinsfile';
const rulesOf = (text: string) => failedRules(collector, { [PATH]: text });

const GOOD = `
@Library('shop-ci@1.4.0') _
// credentials('in-a-comment')
/* withCredentials([string(credentialsId: 'also')]) */
pipeline {
  agent any
  environment { REGION = 'eu-west-1' }
  stages {
    stage('Test') { steps { sh 'npm test' } }
    stage('Deploy') {
      environment { NPM = credentials('npm-publish') }
      steps {
        withCredentials([usernamePassword(credentialsId: 'registry', usernameVariable: 'U', passwordVariable: 'P')]) {
          sh 'echo "$P" | docker login -u $U --password-stdin'
        }
        sshagent(credentials: ['deploy-ssh', "deploy-\${env.BRANCH}"]) { sh "ssh shop.example.com \${BRANCH}" }
        script { docker.withRegistry('https://registry.example.com', 'hub') { } }
      }
    }
  }
}
`;

it('knows the credentials of each stage', async () => {
  const { facts, identities } = await declare(collector, { [PATH]: GOOD });
  expect(facts(`${PATH}#Deploy`)['usesSecrets']).toEqual(['deploy-ssh', 'hub', 'npm-publish', 'registry']);
  expect(facts(PATH)['usesSecrets']).toEqual([]);
  expect(identities.map(({ name }) => name)).toEqual([
    PATH,
    `${PATH}#Deploy`,
    'npm-publish',
    'registry',
    'deploy-ssh',
    'hub',
  ]);
  expect(await rulesOf(GOOD)).toEqual([]);
});

const stage = (steps: string): string => `pipeline { stages { stage('a') { steps { ${steps} } } } }`;

it.each<[rule: string, text: string]>([
  [
    'jenkins-secret-interpolated',
    stage(`withCredentials([string(credentialsId: 'x', variable: 'T')]) { sh "curl -H \${T} \${env.T}" }`),
  ],
  [
    'jenkins-secret-interpolated',
    `node { withCredentials([string(credentialsId: 'x', variable: 'T')]) { sh """\ncurl $T\n""" } }`,
  ],
  ['pipeline-prints-secret', stage(`withCredentials([string(credentialsId: 'x', variable: 'T')]) { sh 'echo $T' }`)],
  [
    'pipeline-static-cloud-credentials',
    stage(`withCredentials([string(credentialsId: 'x', variable: 'AWS_SECRET_ACCESS_KEY')]) { sh 'x' }`),
  ],
  ['pipeline-literal-secret', `pipeline { environment { DEPLOY_TOKEN = 'Zt6rHqW2pLx9' } }`],
  ['pipeline-unpinned-include', `@Library('shop-ci@master') _`],
])('%s: %s', async (rule, text) => expect(await rulesOf(text)).toContain(rule));

it.each([
  `withCredentials([string(credentialsId: 'x', variable: 'T')]) { sh "curl \\$T" }`,
  `withCredentials([usernamePassword(credentialsId: 'x', usernameVariable: 'U', passwordVariable: 'P')]) { sh "x \${U}" }`,
  `sh "echo \${BUILD_ID}"`,
])('nothing in %s', async (steps) => expect(await rulesOf(stage(steps))).toEqual([]));

it('ends a text at the end of its line, and counts lines', () => {
  const { tokens } = tokensOf(`a 'open\nb "x" '''\n\n''' c`);
  expect(tokens.map(({ value, line }) => `${line} ${value.trim()}`)).toEqual([
    '1 a',
    '1 open',
    '2 b',
    '2 x',
    '2 ',
    '4 c',
  ]);
});

itRarely.each(['/*', '"', '"""', '{', 'stage("', '\\', 'credentials(['])(
  'takes %j as often as it fits',
  async (part) => {
    const start = performance.now();
    await declare(collector, { [PATH]: part.repeat(300_000 / part.length) });
    expect(performance.now() - start).toBeLessThan(10_000);
  },
);

it('takes any text, and its tokens are in order', () => {
  const words = fc.constantFrom(
    '"',
    "'",
    '"""',
    '\\',
    '\n',
    '{',
    '}',
    '//',
    '/*',
    '*/',
    'stage',
    'credentials',
    '(',
    '[',
    "'x'",
    '$',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(words, fc.string()), { maxLength: 40 }), (parts) => {
      const text = parts.join('');
      const { tokens, complete } = tokensOf(text);
      expect(complete).toBe(true);
      expect(tokens.map(({ line }) => line)).toEqual(tokens.map(({ line }) => line).sort((a, b) => a - b));
      for (const { value } of tokens) expect(text).toContain(value);
    }),
  );
});

itRarely('says what it did not read', async () => {
  const { gaps } = await declare(collector, { [PATH]: 'a '.repeat(200_001) });
  expect(gaps).toEqual(['Jenkinsfile: what is behind 200000 words was not read for identities; split the file']);
});

collectorContract(collector, [declaredCase('a pipeline', { [PATH]: GOOD }, { identities: 6 })]);
