import { isKnownOperator, isLimitingDeny, isNarrowing } from '../../../src/permissions/aws/conditions.ts';
import type { PolicyDocument, Statement } from '../../../src/permissions/aws/document.ts';
import { highest, type Worth, worthOf } from '../../../src/permissions/aws/levels.ts';
import { covers } from '../../../src/permissions/aws/match.ts';
import type { Reach } from '../../../src/permissions/aws/reach.ts';
import {
  isBroad,
  isBroadResource,
  isBucketsOnly,
  isObjectAction,
  isOfKind,
  isOwn,
  leftOf,
} from '../../../src/permissions/aws/resources.ts';
import { ACTION_BY_KEY } from '../../../src/permissions/aws/tables.ts';
import type { PatternList } from '../../../src/permissions/contract.ts';

// What `PolicySet` answers with sets of bits, asked of one action at a time. Slow, and short enough to be believed.

const BY_HAND: Readonly<Record<string, readonly string[]>> = {
  'ssm:sendcommand': ['document', 'instance'],
  'ssm:startsession': ['instance'],
  'redshift:getclustercredentials': ['dbuser'],
  'servicecatalog:associateattributegroup': ['applications', 'attribute-groups'],
  'servicecatalog:disassociateattributegroup': ['applications', 'attribute-groups'],
};
const WIDEST: readonly Reach[] = ['all', 'some', 'own'];

/** How far documents together allow an action (in lower case), within a boundary. */
export function slowReach(
  documents: readonly PolicyDocument[],
  boundary: PolicyDocument | undefined,
  action: string,
): Reach {
  const denies = documents.flatMap(({ statements }) => statements.filter(({ effect }) => effect === 'Deny'));
  const reaches = documents.flatMap(({ statements }) =>
    statements.filter(({ effect }) => effect === 'Allow').map((statement) => reachOf(statement, denies, action)),
  );
  const within = boundary === undefined ? 'all' : slowReach([boundary], undefined, action);
  const found = WIDEST.find((reach) => reaches.includes(reach)) ?? 'none';
  const widest = found === 'all' && lacksKind(documents, denies, action) ? 'some' : found;
  if (within === 'none' || widest === 'none') return 'none';
  return within === 'all' || widest === 'own' ? widest : 'some';
}

function reachOf(statement: Statement, denies: readonly Statement[], action: string): Reach {
  const { actions, resources, conditions, conditionUnknown } = statement;
  if (!covers(actions, action) || !conditions.every(isKnownOperator)) return 'none';
  if (isBucketsOnly(resources) && isObjectAction(action)) return 'none';
  const lefts = denies.filter((deny) => covers(deny.actions, action)).map((deny) => leftBy(action, statement, deny));
  if (lefts.includes('none')) return 'none';
  if (isOwn(resources)) return 'own';
  const isNarrow = conditionUnknown || conditions.some(isNarrowing);
  const isWide = isBroad(resources) && !isForeign(resources, action);
  return isWide && !isNarrow && !lefts.includes('some') ? 'all' : 'some';
}

/** True where what is broad is of other services than the only one whose resources the action takes. */
function isForeign({ patterns, except }: PatternList, action: string): boolean {
  const [service = ''] = action.split(':');
  if (except || !['dynamodb', 'iam', 'kms', 'lambda', 's3', 'secretsmanager', 'sns', 'sqs'].includes(service))
    return false;
  return !patterns.filter(isBroadResource).some((arn) => !arn.startsWith('arn:') || arn.split(':')[2] === service);
}

/** True where statements name every resource of a kind, but not of each kind that a request has. */
function lacksKind(documents: readonly PolicyDocument[], denies: readonly Statement[], action: string): boolean {
  const kinds = BY_HAND[action] ?? ACTION_BY_KEY.get(action)?.kinds;
  if (kinds === undefined) return false;
  const broad = documents
    .flatMap(({ statements }) => statements)
    .filter((statement) => statement.effect === 'Allow' && isOpen(statement, action))
    .filter((statement) => reachOf(statement, denies, action) !== 'none')
    .flatMap(({ resources }) => (resources.except ? ['*'] : resources.patterns))
    .filter((arn) => /^(?:\*|arn:aws:(?:ec2|ssm):)/.test(arn));
  const names = (kind: string): boolean => broad.some((arn) => ['*', `${kind}/*`].includes(arn.split(':')[5] ?? arn));
  return !kinds.every(names);
}

function isOpen(statement: Statement, action: string): boolean {
  return reachOf(statement, [], action) === 'all';
}

function leftBy(action: string, { resources }: Statement, deny: Statement): 'all' | 'some' | 'none' {
  if (deny.conditionUnknown || !deny.conditions.every(isKnownOperator)) return 'some';
  const { left: most, broad } = leftOf(resources, deny.resources);
  const left = broad.some((pattern) => isOfKind(action, pattern)) ? 'none' : most;
  if (deny.conditions.length === 0 || left === 'all') return left;
  return deny.conditions.some(isLimitingDeny) ? 'some' : 'all';
}

/** The highest worth of what a statement allows of the vendor's list, after denies and boundary. */
export function slowWorth(
  statement: Statement,
  documents: readonly PolicyDocument[],
  boundary: PolicyDocument | undefined,
): Worth | undefined {
  const denies = documents.flatMap(({ statements }) => statements.filter(({ effect }) => effect === 'Deny'));
  const rows = [...ACTION_BY_KEY.values()].filter(
    ({ key }) =>
      covers(statement.actions, key) &&
      !(isBucketsOnly(statement.resources) && isObjectAction(key)) &&
      !denies.some((deny) => covers(deny.actions, key) && leftBy(key, statement, deny) === 'none') &&
      (boundary === undefined || slowReach([boundary], undefined, key) !== 'none'),
  );
  const { resources, conditions, conditionUnknown } = statement;
  const isWide = isBroad(resources) && !isOwn(resources) && !conditionUnknown && !conditions.some(isNarrowing);
  return highest(
    rows.map((row) => {
      const worth = worthOf(row.action, row);
      const isLimited =
        (isWide && isForeign(statement.resources, row.key)) ||
        (isOpen(statement, row.key) && lacksKind(documents, denies, row.key));
      return isLimited ? { onAll: worth.onSome, onSome: worth.onSome } : worth;
    }),
  );
}
