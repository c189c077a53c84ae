import { describe, expect, it } from 'vitest';
import { addTrust } from '../../src/collectors/shared/aws-principal.ts';
import { Drafts } from '../../src/collectors/shared/identity-drafts.ts';
import { analysePermissions } from '../../src/permissions/aws/analyse.ts';
import { type PolicyValue, readPolicyDocument } from '../../src/permissions/aws/document.ts';
import { analyseTrust } from '../../src/permissions/aws/trust.ts';

/** What is counted here becomes a gap: `no-limit-cuts-in-silence.bombs.test.ts` proves that on the built tool. */
const many = (count: number, of: (index: number) => string): string[] => Array.from({ length: count }, (_, i) => of(i));
const allow = (Action: string | string[], Resource: string | string[] = '*') => ({ Effect: 'Allow', Action, Resource });

describe('what a policy says beyond a limit is counted', () => {
  const read = (statement: PolicyValue) => readPolicyDocument({ Statement: [statement] });
  const long = 'a'.repeat(2049);

  it.each<[string, PolicyValue]>([
    ['an action', allow(['s3:GetObject', long])],
    ['a resource', allow('s3:GetObject', long)],
    ['a trusted principal', { Effect: 'Allow', Principal: { AWS: long } }],
    ['trusted principals', { Effect: 'Allow', Principal: { AWS: many(5_001, (i) => `arn:aws:iam::${i}:root`) } }],
    ['a condition', { ...allow('*'), Condition: { StringEquals: { 'aws:PrincipalOrgID': ['o', long] } } }],
  ])('%s', (_, statement) => {
    expect(read(statement).left).toBe(1);
    const drafts = new Drafts();
    const evidence = { collector: 'test', source: 'test' };
    const role = drafts.identity({ id: 'r', type: 'iam_role', provider: 'aws', name: 'r' }, evidence);
    addTrust(drafts, role, analyseTrust(read(statement), []), 'test', evidence);
    expect([...drafts.collected()][0]).toMatchObject({ identity: { moreGrants: 1 } });
  });

  it('of a boundary, whose limits are not known then', () => {
    const boundary = read(allow(['s3:Get*', long]));
    const facts = analysePermissions([{ name: 'p', source: 'test', document: read(allow('iam:*')) }], boundary);
    expect(facts.moreGrants).toBe(1);
    expect(facts).not.toHaveProperty('credentialActions');
    expect(facts).not.toHaveProperty('privilegeTier');
  });

  it('of a product of lists, and the tier is that of all', () => {
    const harmless = allow(
      many(60, (i) => `logs:Delete${i}`),
      many(60, (i) => `arn:aws:logs:${i}`),
    );
    const statements = [harmless, harmless, allow(['s3:DeleteBucket'])];
    const document = readPolicyDocument({ Statement: statements });
    const facts = analysePermissions([{ name: 'p', source: 'test', document }]);
    expect(facts.privilegeTier).toBe(1);
    expect(facts.grants.length + facts.moreGrants).toBe(2 * 3600 + 1);
  });

  it('but not of what only reads: one line counts it', () => {
    const document = readPolicyDocument({ Statement: allow(many(400, (i) => `logs:Describe${i}`)) });
    const { grants, moreGrants } = analysePermissions([{ name: 'p', source: 'test', document }]);
    expect(moreGrants).toBe(0);
    expect(grants).toHaveLength(21);
    expect(grants.at(-1)).toMatchObject({ permission: '380 more permissions that only read', tier: 3 });
  });
});
