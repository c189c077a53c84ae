import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import policies from '../../src/collectors/aws-policies/index.ts';
import { collectorContract } from '../contract/collector-contract.ts';
import { tries } from '../property/runs.ts';
import { declare, declaredCase } from './declared.ts';
import { failuresOf } from './judged.ts';

const OTHER = '444455556666';

const policy = (...statements: readonly unknown[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 2);
const allow = (action: unknown, more: object = { Resource: '*' }): object => ({
  Effect: 'Allow',
  Action: action,
  ...more,
});

describe('files of policies', () => {
  it('are permissions, with the tier and the findings that these give', async () => {
    const files = {
      'iam/deploy.json': policy(allow(['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction'])),
    };
    const { named } = await declare(policies, files);
    expect(named('deploy')).toMatchObject({
      id: 'aws-policy-file:acme/shop:iam/deploy.json',
      type: 'iam_policy',
      evidence: [{ source: 'iam/deploy.json' }],
      attributes: { privilegeTier: { value: 0 } },
    });
    expect(await failuresOf(policies, files)).toContain('aws-privilege-escalation: deploy');
    expect(await failuresOf(policies, { 'all.json': policy(allow('*')) })).toContain('aws-administrator: all');
  });

  it('are trust policies', async () => {
    const trust = allow('sts:AssumeRole', { Principal: { AWS: `arn:aws:iam::${OTHER}:root` } });
    const files = { 'trust.json': policy(trust) };
    const { facts, named } = await declare(policies, files);
    expect(named('trust').type).toBe('aws_trust_policy');
    expect(facts('trust')).toMatchObject({ trustsExternalAccounts: [OTHER], requiresExternalId: false });
    expect(facts('trust')).not.toHaveProperty('privilegeTier');
    expect(await failuresOf(policies, { 't.json': policy(allow('sts:AssumeRole', { Principal: '*' })) })).toContain(
      'aws-trust-any-principal: t',
    );
  });

  it('are policies of an organisation, which give nothing', async () => {
    const files = { 'service-control-policies/full.json': policy(allow('*')), 'scp/x.json': policy(allow('*')) };
    const { named } = await declare(policies, files);
    expect(named('full')).toMatchObject({ type: 'aws_organization_policy', attributes: {}, grants: [] });
    expect(named('x').type).toBe('aws_organization_policy');
    expect(await failuresOf(policies, files)).toEqual([]);
  });

  it('are policies of endpoints, which only a network reaches', async () => {
    const open = policy(allow('*', { Resource: '*', Principal: '*' }));
    const files = { 'vpc-endpoint-policies/default.json': open };
    expect((await declare(policies, files)).facts('default')).not.toHaveProperty('publicAccess');
    expect(await failuresOf(policies, files)).not.toContain('aws-resource-public: default');
  });

  it('are policies of resources', async () => {
    const open = allow('s3:GetObject', { Resource: 'arn:aws:s3:::shop/*', Principal: '*' });
    expect(await failuresOf(policies, { 'bucket.json': policy(open) })).toEqual(['aws-resource-public: bucket']);
    const foreign = allow('sqs:SendMessage', { Resource: '*', Principal: { AWS: OTHER } });
    const { named } = await declare(policies, { 'queue.json': policy(foreign) });
    expect(named('queue').attributes['trustsExternalAccounts']).toMatchObject({
      value: [OTHER],
      precision: 'approximate',
    });
  });

  it('are told from other JSON', async () => {
    const others = {
      'template.json': JSON.stringify({ Resources: { P: { Statement: [allow('*')] } } }),
      'list.json': JSON.stringify([{ Statement: [allow('*')] }]),
      'half.json': JSON.stringify({ Statement: [allow('*'), { Effect: 'Allow' }] }),
      'words.json': JSON.stringify({ Statement: 'Effect', Action: '' }),
      'main.tf.json': policy(allow('*')),
    };
    const { identities, gaps } = await declare(policies, others);
    expect([identities, gaps]).toEqual([[], []]);
  });

  it('are a gap where they are damaged or too large, and do not hide their neighbours', async () => {
    const whole = policy(allow('*'));
    const { identities, gaps } = await declare(policies, {
      'cut.json': whole.slice(0, -3),
      'large.json': `${whole}${' '.repeat(9 * 1024 * 1024)}`,
      'whole.json': whole,
    });
    expect(identities.map(({ name }) => name)).toEqual(['whole']);
    expect(gaps.map((gap) => gap.split(':')[0])).toEqual(['cut.json', 'large.json']);
  });

  it('never throw', async () => {
    const text = policy(allow(['s3:*', 'iam:*'], { NotResource: ['*'] }), allow('sts:AssumeRole', { Principal: '*' }));
    await fc.assert(
      fc.asyncProperty(
        fc.nat(text.length),
        fc.nat(20),
        fc.constantFrom('', '{', '}', '[', ']', 'null', '"', '1', ','),
        async (at, cut, put) => {
          await declare(policies, { 'p.json': text.slice(0, at) + put + text.slice(at + cut) });
        },
      ),
      tries(50),
    );
  });
});

collectorContract(policies, [
  declaredCase(
    'a policy and a damaged file',
    {
      'p.json': policy(allow('s3:GetObject')),
      'q.json': `${policy(allow('s3:GetObject')).slice(0, -2)}`,
    },
    { identities: 1 },
  ),
]);
