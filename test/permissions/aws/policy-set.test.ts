import fc from 'fast-check';
import { expect, it } from 'vitest';
import { numberOf } from '../../../src/permissions/aws/action-sets/numbers.ts';
import { NameLists } from '../../../src/permissions/aws/action-sets/plain-families.ts';
import { ActionSets } from '../../../src/permissions/aws/action-sets/sets.ts';
import { indexBoundary } from '../../../src/permissions/aws/boundary.ts';
import { type PolicyDocument, type PolicyValue, readPolicyDocument } from '../../../src/permissions/aws/document.ts';
import { CREDENTIAL_ACTIONS, DATA_ACTIONS } from '../../../src/permissions/aws/judged/reads.ts';
import { MEMBERSHIP_ACTIONS, NO_MANAGEMENT } from '../../../src/permissions/aws/judged/writes.ts';
import { PolicySet } from '../../../src/permissions/aws/policy-set.ts';
import { findPowers } from '../../../src/permissions/aws/powers.ts';
import { indexDocument } from '../../../src/permissions/aws/reach.ts';
import { ACTION_BY_KEY, PERMISSION_ACTIONS } from '../../../src/permissions/aws/tables.ts';
import { inLane, itRarely } from '../../it-rarely.ts';
import { tries } from '../../property/runs.ts';
import { slowReach, slowWorth } from './slow-answers.ts';

const ACCOUNT = '111122223333';
// Without patterns that are harmless whatever they name: these are judged as a whole.
const ACTIONS = [
  '*',
  '*:*',
  's3:*',
  's3:Get*',
  'S3:PutObject',
  's*:*',
  '*:Describe*',
  'iam:*',
  'iam:*Role*',
  'iam:PassRole',
  'iam:PutUserPolicy',
  'iam:CreateAccessKey',
  'lambda:?nvoke*',
  'lambda:*',
  'ec2:RunInstances',
  'ec2:AttachVolume',
  'ssm:SendCommand',
  'ebs:*',
  'sts:AssumeRole',
  'secretsmanager:GetSecretValue',
  'kms:*',
];
const RESOURCES = [
  '*',
  'arn:aws:s3:::bucket/*',
  'arn:aws:s3:::*',
  `arn:aws:iam::${ACCOUNT}:role/*`,
  `arn:aws:iam::${ACCOUNT}:user/*`,
  `arn:aws:iam::${ACCOUNT}:role/app`,
  `arn:aws:iam::${ACCOUNT}:user/\${aws:username}`,
  'arn:aws:ec2:*:*:*',
  'arn:aws:ec2:*:*:instance/*',
  'arn:aws:ec2:*:*:volume/*',
  'arn:aws:ssm:*:*:document/*',
  'arn:aws:lambda:*:*:function:*',
  'arn:aws:nobody:::x/*',
];
const CONDITIONS: readonly PolicyValue[] = [
  { StringEquals: { 'aws:ResourceTag/team': 'a' } },
  { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
  { Sometimes: { 'aws:SourceIp': '10.0.0.0/8' } },
  { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
  { StringEquals: { 'aws:ResourceAccount': '${aws:PrincipalAccount}' } },
  { StringNotEquals: { 'aws:ResourceAccount': '${aws:PrincipalAccount}' } },
  { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } },
];

const some = (values: readonly string[]) => fc.subarray([...values], { minLength: 1, maxLength: 3 });
const anyStatement = fc
  .record({
    effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
    actions: some(ACTIONS),
    resources: some(RESOURCES),
    isNotAction: fc.integer({ min: 0, max: 9 }).map((draw) => draw === 0),
    isNotResource: fc.integer({ min: 0, max: 9 }).map((draw) => draw === 0),
    condition: fc.option(fc.constantFrom(...CONDITIONS), { freq: 3 }),
  })
  .map(
    ({ effect, actions, resources, isNotAction, isNotResource, condition }): PolicyValue => ({
      Effect: effect,
      [isNotAction ? 'NotAction' : 'Action']: actions,
      [isNotResource ? 'NotResource' : 'Resource']: resources,
      ...(condition === null ? {} : { Condition: condition }),
    }),
  );
const anyDocument = fc
  .array(anyStatement, { maxLength: 4 })
  .map((statements) => readPolicyDocument({ Statement: statements }));

function setOf(documents: readonly PolicyDocument[], boundary: PolicyDocument | undefined): PolicySet {
  const sets = new ActionSets();
  const index = (document: PolicyDocument) => indexDocument(document, sets);
  return new PolicySet({
    policies: documents.map((document) => ({ name: 'p', source: 'test', document })),
    index,
    ...(boundary && { limit: indexBoundary(index(boundary)) }),
    sets,
  });
}

/** Every action in a lane, else some of each service that the policies name. */
const ASKED = [...ACTION_BY_KEY.keys()].filter((key, index) =>
  inLane
    ? true
    : index % 97 === 0 ||
      (/^(?:s3|iam|lambda|ebs|sts):/.test(key) && index % 3 === 0) ||
      /^ec2:(?:run|attach)|^ssm:send/.test(key),
);

it('answers for sets of policies what each action by itself gives', () => {
  fc.assert(
    fc.property(
      fc.array(anyDocument, { maxLength: 3 }),
      fc.option(anyDocument, { nil: undefined }),
      (documents, boundary) => {
        const set = setOf(documents, boundary);
        const wrong = ASKED.filter((key) => {
          const reach = set.reach(numberOf(key) ?? -1)?.reach ?? 'none';
          return reach !== slowReach(documents, boundary, key);
        });
        expect(wrong).toEqual([]);
      },
    ),
    tries(200),
  );
});

it('names the actions that each of the families has on every resource', () => {
  fc.assert(
    fc.property(
      fc.array(anyDocument, { maxLength: 3 }),
      fc.option(anyDocument, { nil: undefined }),
      (documents, limit) => {
        const set = setOf(documents, limit);
        const { powers, names } = findPowers(set, new NameLists());
        fc.pre(powers[0]?.family !== 'administrator');
        const isEverywhere = (action: string): boolean =>
          set.reachWhere(numberOf(action) ?? -1, (allowed) => action !== 'kms:Decrypt' || !allowed.throughService)
            ?.reach === 'all';
        expect(new Set(names.get('credential-exposure'))).toEqual(new Set(CREDENTIAL_ACTIONS.filter(isEverywhere)));
        expect(names.get('data-exfiltration')).toEqual(DATA_ACTIONS.filter(isEverywhere).slice(0, 200));
        const managing = [...new Set([...MEMBERSHIP_ACTIONS, ...PERMISSION_ACTIONS])].filter(
          (action) => !NO_MANAGEMENT.includes(action),
        );
        expect(names.get('permission-management')).toEqual(managing.filter(isEverywhere).slice(0, 200));
      },
    ),
    tries(100),
  );
});

itRarely('tells what is left of a statement as all of its actions give', () => {
  fc.assert(
    fc.property(
      fc.array(anyDocument, { maxLength: 2 }),
      fc.option(anyDocument, { nil: undefined }),
      (documents, boundary) => {
        const set = setOf(documents, boundary);
        for (const standing of set.statements) {
          expect(set.worthOf(standing)).toEqual(slowWorth(standing.compiled.statement, documents, boundary));
        }
      },
    ),
    tries(10),
  );
});
