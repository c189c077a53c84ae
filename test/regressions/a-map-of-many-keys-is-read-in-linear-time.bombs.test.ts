import { describe, expect, it } from 'vitest';
import cloudformation from '../../src/collectors/cloudformation/index.ts';
import { readYaml } from '../../src/lib/yaml/read.ts';
import { parseYamlFile } from '../../src/ruleset/read/yaml-file.ts';
import { declare } from '../collectors/declared.ts';

const KEYS = 60_000;
/** CPU time, milliseconds: comparing each key with all others took half a minute. */
const LONGEST = 10_000;
const TEXT = Array.from({ length: KEYS }, (_, index) => `key${index}: 1\n`).join('');
const STACK = 'AWSTemplateFormatVersion: x\nResources: { U: { Type: "AWS::IAM::User" } }\n';
const TWICE = 'a: 1\nb: { c: 1, c: 2 }\n';

async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

describe('YAML with a map of 60,000 keys', () => {
  it.each([
    ['as configuration', () => readYaml(TEXT)],
    ['as rules', () => parseYamlFile('a.yaml', TEXT)],
    ['as CloudFormation', () => declare(cloudformation, { 'stack.yaml': STACK + TEXT })],
  ])('%s', async (_, work) => {
    expect(await cpuOf(work)).toBeLessThan(LONGEST);
  });

  it('and a key that stands twice is still a mistake, with its place', async () => {
    expect(await readYaml(TWICE)).toMatchObject({ line: 2, column: 12, message: 'Map keys must be unique' });
    const { problems } = await parseYamlFile('a.yaml', TWICE);
    expect(problems).toMatchObject([{ line: 2, column: 12, message: expect.stringContaining('unique') }]);
    const { gaps } = await declare(cloudformation, { 'stack.yaml': `${STACK}Resources: 1\n` });
    expect(gaps).toEqual(['stack.yaml:3:1: Map keys must be unique; the template is not read']);
  });
});
