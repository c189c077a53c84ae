/** Files that a scaffold writes, by path from the root. */
type Scaffold = (id: string) => Readonly<Record<string, string>>;

const up = (depth: number): string => '../'.repeat(depth);

function rule(id: string): Record<string, string> {
  return {
    [`rules/detection/${id}.yaml`]: `# yaml-language-server: $schema=../schema.json
provider: ${id}
name: REPLACE with the provider's name
rules:
  - id: ${id}-api-key
    title: REPLACE with what was found, as a person says it
    pattern: '(?<![0-9A-Za-z_])(?<secret>${id.replaceAll('-', '')}_[0-9A-Za-z]{32})(?![0-9A-Za-z_])'
    confidence: high
    severity: high
    credential:
      type: api_key
      lifetime: until-revoked
      environment: any
    remediation: REPLACE with where the key is revoked and what to use instead.
    references:
      - https://REPLACE.example/docs
    examples:
      match:
        - '${id.replaceAll('-', '')}_{base62:32}'
        - text: 'API_KEY="{secret}"'
          secret: '${id.replaceAll('-', '')}_{base62:32}'
      no-match:
        - '${id.replaceAll('-', '')}_{base62:31}'
        - text: 'API_KEY="\${${id.replaceAll('-', '').toUpperCase()}_API_KEY}"'
`,
  };
}

function postureRule(id: string): Record<string, string> {
  return {
    [`rules/posture/${id}.yaml`]: `# yaml-language-server: $schema=../schema.json
id: ${id}
title: REPLACE with what is wrong, as a person says it
applies-to: [deploy_key]
when: { attribute: readOnly, is: false }
severity: medium
confidence: high
owasp: [NHI5]
message: 'REPLACE: what {name} can do'
why: REPLACE with why this matters.
remediation: REPLACE with the smallest change that helps.
references:
  - https://REPLACE.example/docs
tags: [default]
examples:
  fail:
    - type: deploy_key
      attributes: { readOnly: false }
  pass:
    - type: deploy_key
      attributes: { readOnly: true }
  not-assessed:
    - type: deploy_key
      attributes: {}
`,
  };
}

function collector(id: string): Record<string, string> {
  return {
    [`src/collectors/${id}.ts`]: `import type { Artifact } from '../model/artifact.ts';
import { identityId } from '../model/identity.ts';
import { type CollectContext, type Collected, defineCollector } from './contract.ts';

/** REPLACE: what the file declares, with a link to the documentation of its format. */
export default defineCollector({
  id: '${id}',
  title: 'REPLACE with what it reads',
  reads: 'artifact',
  permissions: [],
  accepts: (path) => path.endsWith('${id}.json'),
  collect,
});

function* collect(_context: CollectContext, files: readonly Artifact[]): Generator<Collected> {
  for (const { origin } of files) {
    const id = identityId(\`${id}:\${origin.repository ?? ''}:\${origin.path}\`);
    const identity = { id, type: 'ai_agent', provider: '${id}', name: origin.path, attributes: {}, keys: [], grants: [] };
    yield { kind: 'identity', identity: { ...identity, evidence: [{ collector: '${id}', source: origin.path }] } };
  }
}
`,
    [`test/collectors/${id}.test.ts`]: `import { expect, it } from 'vitest';
import collector from '../../src/collectors/${id}.ts';

it('REPLACE: says what it proves', () => {
  expect(collector.accepts('config/${id}.json')).toBe(true);
  expect(collector.accepts('README.md')).toBe(false);
});
`,
  };
}

/** Scaffold of a plug-in whose folder and test folder mirror each other. */
function plugin(folder: string, imports: string, body: string, test: string): Scaffold {
  const depth = folder.split('/').length + 1;
  return (id) => ({
    [`src/${folder}/${id}.ts`]:
      `${imports}\n\n/** REPLACE: what it does and why. */\nexport default ${body}\n`.replaceAll('%', id),
    [`test/${folder}/${id}.test.ts`]:
      `import { expect, it } from 'vitest';\nimport plugin from '${up(depth)}src/${folder}/${id}.ts';\n\n${test}\n`.replaceAll(
        '%',
        id,
      ),
  });
}

const TITLE = `  id: '%',\n  title: 'REPLACE with what it is',`;
const OPENING = `it('REPLACE: says what it proves', () => {`;

/** Scaffolds by kind. A new kind of plug-in adds a line here. */
export const SCAFFOLDS: Readonly<Record<string, Scaffold>> = {
  rule,
  'posture-rule': postureRule,
  collector,
  decoder: plugin(
    'decoders',
    `import { defineDecoder } from './contract.ts';`,
    `defineDecoder({\n${TITLE}\n  form: 'container',\n  accepts: (artifact) => artifact.origin.path.endsWith('.%'),\n  decode: () => [],\n});`,
    `${OPENING}\n  const origin = { collector: 'files', path: 'a.txt' };\n  expect(plugin.accepts({ origin, bytes: new Uint8Array() })).toBe(false);\n});`,
  ),
  check: plugin(
    'detect/checks',
    `import { defineCheck } from '../contract.ts';`,
    `defineCheck({\n${TITLE}\n  applies: 'named',\n  options: {},\n  evaluate: () => ({ state: 'not-applicable' }),\n});`,
    `${OPENING}\n  expect(plugin.applies).toBe('named');\n});`,
  ),
  operator: plugin(
    'posture/operators',
    `import { defineOperator } from '../contract.ts';`,
    `defineOperator({\n${TITLE}\n  checkOperand: (operand) => (typeof operand === 'string' ? undefined : 'write a text'),\n  evaluate: (value, operand) => (value === operand ? 'true' : 'false'),\n});`,
    `${OPENING}\n  expect(plugin.evaluate('a', 'a', { now: new Date(0), thresholds: {} })).toBe('true');\n});`,
  ),
  verifier: plugin(
    'verifiers',
    `import { defineVerifier } from './contract.ts';`,
    `defineVerifier({\n${TITLE}\n  hosts: ['REPLACE.example'],\n  request: () => undefined,\n  classify: () => ({ state: 'unknown', reason: 'REPLACE' }),\n});`,
    `${OPENING}\n  expect(plugin.hosts).toHaveLength(1);\n});`,
  ),
  join: plugin(
    'correlate/joins',
    `import { defineJoin } from '../contract.ts';`,
    `defineJoin({\n${TITLE}\n  join: () => ({ edges: [], attributes: new Map() }),\n});`,
    `${OPENING}\n  const input = { identities: [], pending: [], findings: [], now: new Date(0) };\n  expect(plugin.join(input).edges).toEqual([]);\n});`,
  ),
  reporter: plugin(
    'reporters',
    `import { defineReporter } from './contract.ts';`,
    `defineReporter({\n${TITLE}\n  extension: 'txt',\n  render: (report) => \`\${report.summary.state}\\n\`,\n});`,
    `${OPENING}\n  expect(plugin.extension).toBe('txt');\n});`,
  ),
};
