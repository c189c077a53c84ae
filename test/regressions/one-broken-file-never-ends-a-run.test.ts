import { describe, expect, it } from 'vitest';
import { makeFolder, sampleToken } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';

const KEY = `KEY=${sampleToken('broken-file')}\n`;
const DUMP = JSON.stringify({
  collector: 'aws',
  version: 1,
  target: '210987654321',
  recordedAt: '2026-11-01T00:00:00Z',
});
const ODD = '{toString: 1}';
const TEMPLATE = `Resources:
  Key:
    Type: AWS::IAM::AccessKey
    Properties: { UserName: ${ODD} }
  Membership:
    Type: AWS::IAM::User
    Properties: { Groups: [${ODD}] }
  Policy:
    Type: AWS::IAM::Policy
    Properties: { PolicyName: p, Users: [${ODD}], PolicyDocument: { Statement: [] } }
`;

async function scan(files: Readonly<Record<string, string>>, ...targets: string[]) {
  const { folder, remove } = await makeFolder({ 'tree/a.env': KEY, ...files });
  return runBowerbird(['scan', 'tree', ...targets, '--json'], { cwd: folder }).finally(remove);
}

describe('one broken file', () => {
  it('of CloudFormation, with objects for names, costs no finding', async () => {
    const result = await scan({ 'tree/stack.yaml': TEMPLATE });
    expect(result.stdout).toContain('"ruleId":"github-');
    expect(result.stdout).not.toContain('"reason":"bug"');
    expect(result.code).toBe(1);
  });

  it('with two faults is one file that was missed', async () => {
    const account = (name: string) => `apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: ${name} }\n`;
    const broken = 'apiVersion: v1\nkind: Pod\na: [\n---\napiVersion: v1\nkind: Pod\nb: {\n';
    const files = { 'tree/broken.yaml': broken, 'tree/b.yaml': account('b'), 'tree/c.yaml': account('c') };
    const { coverage } = JSON.parse((await scan(files)).stdout);
    expect(coverage.find(({ collector }: { collector: string }) => collector === 'kubernetes')).toMatchObject({
      planned: 3,
      scanned: 2,
      gaps: [{ subject: expect.stringContaining('broken.yaml') }, { subject: expect.stringContaining('broken.yaml') }],
    });
  });

  it('of a dump, with an object for a group, costs no finding', async () => {
    const details = {
      UserDetailList: [{ UserName: 'u', Arn: 'arn:aws:iam::210987654321:user/u', GroupList: [{ toString: 1 }] }],
    };
    const files = { 'dump/dump.json': DUMP, 'dump/account-authorization-details.json': JSON.stringify(details) };
    const result = await scan(files, 'dump:dump');
    expect(result.stdout).toContain('"ruleId":"github-');
    expect(result.code).not.toBe(70);
  });

  it('of a dump, nested 100,000 deep, costs no finding', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const files = { 'dump/dump.json': DUMP, 'dump/account-authorization-details.json': `{"UserDetailList": ${deep}}` };
    const result = await scan(files, 'dump:dump');
    expect(result.stdout).toContain('"ruleId":"github-');
    expect(result.code).not.toBe(70);
  });

  it('of JSON and YAML, nested 100,000 deep, costs no finding', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const files = { 'tree/template.json': `{"Resources": ${deep}}`, 'tree/.mcp.json': deep, 'tree/x.tf.json': deep };
    const result = await scan(files);
    expect(result.stdout).toContain('"ruleId":"github-');
    expect(result.code).toBe(1);
  });
});
