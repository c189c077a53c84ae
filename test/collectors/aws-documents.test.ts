import { expect, it } from 'vitest';
import { Documents } from '../../src/collectors/aws/documents.ts';
import { readPolicyDocument } from '../../src/permissions/aws/document.ts';
import { analyseTrust } from '../../src/permissions/aws/trust.ts';

const ACCOUNT = '111122223333';
const trusting = (principal: string) => ({
  Statement: [{ Effect: 'Allow', Principal: { AWS: principal }, Action: 'sts:AssumeRole' }],
});

it('reads equal texts once, and each as it is', () => {
  const documents = new Documents();
  const texts = [trusting('*'), trusting(`arn:aws:iam::${ACCOUNT}:root`), undefined, 'no policy', trusting('*')];
  const read = texts.map((text) => documents.read(text));
  expect(read).toEqual(texts.map((text) => readPolicyDocument(text)));
  expect(read[4]).toBe(read[0]);
  expect(read[1]).not.toBe(read[0]);
});

it('judges trust by the accounts that are asked about', () => {
  const documents = new Documents();
  const policy = trusting(`arn:aws:iam::${ACCOUNT}:root`);
  for (const accounts of [[ACCOUNT], ['444455556666'], [ACCOUNT]])
    expect(documents.trust(policy, accounts)).toEqual(analyseTrust(readPolicyDocument(policy), accounts));
});

it('reads on where it remembers no more', () => {
  const documents = new Documents();
  const large = { Statement: { Effect: 'Allow', Action: `s3:${'x'.repeat(5_000_000)}`, Resource: '*' } };
  expect(documents.read(large)).toEqual(readPolicyDocument(large));
  expect(documents.read(trusting('*'))).toEqual(readPolicyDocument(trusting('*')));
});
