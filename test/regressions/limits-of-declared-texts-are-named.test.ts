import { expect, it } from 'vitest';
import cloudformation from '../../src/collectors/cloudformation/index.ts';
import terraform from '../../src/collectors/terraform/index.ts';
import { declare } from '../collectors/declared.ts';

/** What was too long to be kept was unknown, and nothing said why. The rest of the file is read all the same. */
const template = (length: number): string => `
AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Bot:
    Type: AWS::IAM::User
    Properties: { UserName: bot, Path: !Join ['', ['${'x'.repeat(length - 1)}', 'x']] }
`;

it('texts that Join makes in CloudFormation', async () => {
  expect((await declare(cloudformation, { 'a.yaml': template(100_000) })).gaps).toEqual([]);
  const { named, gaps } = await declare(cloudformation, { 'a.yaml': template(100_001) });
  expect(named('bot').type).toBe('iam_user');
  expect(gaps).toEqual([expect.stringMatching(/^a\.yaml: 1 texts .* 100000 characters/)]);
});

const user = 'resource "aws_iam_user" "bot" { name = local.t0 }\n';

it('chains of references in Terraform', async () => {
  const chain = (length: number): string => {
    const steps = Array.from({ length }, (_, index) => `  t${index} = local.t${index + 1}\n`);
    return `${user}locals {\n${steps.join('')}  t${length} = "bot"\n}\n`;
  };
  expect((await declare(terraform, { 'main.tf': chain(15) })).gaps).toEqual([]);
  const { identities, gaps } = await declare(terraform, { 'main.tf': chain(16) });
  expect(identities).toHaveLength(1);
  expect(gaps).toEqual([expect.stringMatching(/^\.: references need too many steps/)]);
});

it('texts that a template makes in Terraform', async () => {
  const long = (count: number): string => {
    const parts = Array.from({ length: count }, () => '$' + '{local.t1}').join('');
    return `${user}locals {\n  t0 = "${parts}"\n  t1 = "${'x'.repeat(2 ** 16)}"\n}\n`;
  };
  expect((await declare(terraform, { 'main.tf': long(16) })).gaps).toEqual([]);
  const { identities, gaps } = await declare(terraform, { 'main.tf': long(17) });
  expect(identities).toHaveLength(1);
  expect(gaps).toEqual([expect.stringMatching(/make a text too long/)]);
});
