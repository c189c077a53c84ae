import { describe, expect, it } from 'vitest';
import { matchesWildcard } from '../../../src/lib/patterns/wildcard.ts';
import { ActionSets } from '../../../src/permissions/aws/action-sets/sets.ts';
import { ESCALATIONS } from '../../../src/permissions/aws/actions.ts';
import { PermissionAnalyser } from '../../../src/permissions/aws/analyse.ts';
import { type PolicyValue, readPolicyDocument } from '../../../src/permissions/aws/document.ts';
import { CREDENTIAL_ACTIONS, DATA_ACTIONS, MINOR_CREDENTIALS } from '../../../src/permissions/aws/judged/reads.ts';
import {
  ADDITIONS,
  CALLERS_OWN,
  HARMLESS_ACTIONS,
  MEMBERSHIP_ACTIONS,
  NO_MANAGEMENT,
  PROTECTIONS,
  SELF_ACTIONS,
} from '../../../src/permissions/aws/judged/writes.ts';
import { highest, worthOf } from '../../../src/permissions/aws/levels.ts';
import { managedPolicyDocument } from '../../../src/permissions/aws/managed.ts';
import { ACTION_BY_KEY, ACTIONS, type ActionRow, MANAGED_STATEMENTS } from '../../../src/permissions/aws/tables.ts';
import { itRarely } from '../../it-rarely.ts';

/** Reads each text of a pattern once, as a collector does for an account. */
const analyser = new PermissionAnalyser();
const arn = (name: string): string => `arn:aws:iam::aws:policy/${name}`;
const factsOf = (name: string) => {
  const document = managedPolicyDocument(arn(name));
  return analyser.analyse([{ name, source: 'test', ...(document && { document }) }]);
};

/** Actions of the vendor's list that a pattern names: the slow way. */
function expandPattern(pattern: string): readonly ActionRow[] {
  const text = pattern.toLowerCase();
  const service = text.slice(0, text.indexOf(':'));
  const rows = /[*?]/.test(service) || service === '' ? [...ACTIONS.values()].flat() : (ACTIONS.get(service) ?? []);
  return rows.filter(({ key }) => matchesWildcard(text, key));
}

describe('tables of AWS', () => {
  it('hold every service and policy that matters', () => {
    expect(ACTIONS.size).toBeGreaterThan(400);
    expect(ACTION_BY_KEY.size).toBeGreaterThan(20_000);
    expect(MANAGED_STATEMENTS.size).toBeGreaterThan(1_500);
    expect(ACTION_BY_KEY.get('s3:putbucketpolicy')).toMatchObject({ action: 's3:PutBucketPolicy', level: 'P' });
    expect(ACTION_BY_KEY.get('s3:listallmybuckets')).toMatchObject({ level: 'L', isUnbound: true });
  });

  it('know every action that is named by hand', () => {
    const named = [
      ...ESCALATIONS.flatMap(({ actions }) => actions),
      ...[
        ADDITIONS,
        CALLERS_OWN,
        CREDENTIAL_ACTIONS,
        DATA_ACTIONS,
        HARMLESS_ACTIONS,
        MEMBERSHIP_ACTIONS,
        MINOR_CREDENTIALS,
        NO_MANAGEMENT,
        PROTECTIONS,
        SELF_ACTIONS,
      ].flat(),
    ];
    const unknown = named.filter((action) => expandPattern(action).length === 0);
    expect([...new Set(unknown)], 'names that the vendor does not have (any more)').toEqual([]);
    const cased = named.filter(
      (action) => !/\*/.test(action) && ACTION_BY_KEY.get(action.toLowerCase())?.action !== action,
    );
    expect([...new Set(cased)], 'names that the vendor writes in another way').toEqual([]);
  });
});

describe('policies that AWS manages', () => {
  /** Names of policies that are judged in another way than their documents, or as more than reading though they read. */
  function misjudged(policies: Iterable<readonly [name: string, text: string]>): readonly string[] {
    const wrong: string[] = [];
    for (const [name, text] of policies) {
      const facts = factsOf(name);
      const document = readPolicyDocument({ Version: '2012-10-17', Statement: JSON.parse(text) as PolicyValue });
      const own = analyser.analyse([{ name: 'own', source: 'test', document }]);
      const isSame =
        own.privilegeTier === facts.privilegeTier && String(own.escalationActions) === String(facts.escalationActions);
      if (!isSame || facts.privilegeTier === undefined || facts.escalationActions === undefined) wrong.push(name);
      const isTop = facts.privilegeTier === 0 || facts.privilegeTier === 1;
      if (isTop && facts.credentialActions?.length === 0 && onlyReads(text)) wrong.push(`${name} only reads`);
    }
    return wrong;
  }

  it('are judged as their documents are, and those that only read are never tier 1', () => {
    expect(misjudged([...MANAGED_STATEMENTS].filter((_, at) => at % 40 === 0))).toEqual([]);
  });

  itRarely('are all judged so', () => expect(misjudged(MANAGED_STATEMENTS)).toEqual([]), 120_000);

  it('named for reading are never tier 1, but for the one that reads all secrets', () => {
    const names = [...MANAGED_STATEMENTS.keys()].filter((name) => /read-?only|viewonly|securityaudit/i.test(name));
    expect(names.length).toBeGreaterThan(200);
    expect(names.filter((name) => (factsOf(name).privilegeTier ?? 0) <= 1)).toEqual([
      'AWSSecretsManagerClientReadOnlyAccess',
    ]);
  }, 120_000);

  it('are judged as AWS describes them', () => {
    const tiers = {
      AdministratorAccess: 0,
      IAMFullAccess: 0,
      AWSLambda_FullAccess: 0,
      PowerUserAccess: 1,
      AmazonS3FullAccess: 1,
      ReadOnlyAccess: 2,
      AmazonS3ReadOnlyAccess: 2,
      AmazonEC2ContainerServiceEventsRole: 0,
      AWSServiceCatalogAdminFullAccess: 0,
      AWSControlTowerIdentityCenterManagementPolicy: 1,
      AmazonGuardDutyServiceRolePolicy: 2,
      AmazonSNSRole: 2,
      AWSStepFunctionsReadOnlyAccess: 2,
      AmazonElasticFileSystemClientReadOnlyAccess: 2,
      AmazonPrometheusRemoteWriteAccess: 3,
      AWSSystemsManagerForSAPReadOnlyAccess: 3,
      AmazonEC2ReadOnlyAccess: 3,
      AWSLambdaBasicExecutionRole: 3,
      IAMUserChangePassword: 4,
      AWSDenyAll: 4,
    };
    expect(Object.fromEntries(Object.keys(tiers).map((name) => [name, factsOf(name).privilegeTier]))).toEqual(tiers);
    expect(factsOf('PowerUserAccess').wildcardServices).toEqual([expect.stringContaining('* except iam:*')]);
  });
});

/** True if every action of a policy is listed, with the level List or Read. */
function onlyReads(text: string): boolean {
  const { statements } = readPolicyDocument({ Statement: JSON.parse(text) as PolicyValue });
  return statements.every(({ effect, actions }) => {
    if (effect === 'Deny') return true;
    const rows = actions.patterns.map((pattern) => expandPattern(pattern));
    return (
      !actions.except &&
      rows.every((list) => list.length > 0 && list.every(({ level }) => level === 'L' || level === 'R'))
    );
  });
}

describe('worth of a pattern', () => {
  const patterns = [
    '*',
    '*:*',
    's3:*',
    'S3:Get*',
    'iam:*Role*',
    '*:Describe*',
    'ec2:?unInstances',
    'lambda:invoke*',
    's3:none*',
  ];

  it.each(patterns)('is the highest of all actions that %s names', (pattern) => {
    const rows = expandPattern(pattern);
    const expected = highest(rows.map((row) => worthOf(row.action, row)));
    expect(new ActionSets().worthOf(pattern)).toEqual(expected ?? worthOf(pattern));
  });
});
