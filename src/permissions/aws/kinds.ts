import type { PatternList } from '../contract.ts';
import {
  type ActionBits,
  addBits,
  bitsOf,
  firstRemaining,
  noActions,
  type Remainder,
  remains,
  wholeOf,
} from './action-sets/bits.ts';
import { numberOf, numbersOfService } from './action-sets/numbers.ts';
import { isBroadResource, serviceOfArn } from './resources.ts';
import { ACTIONS } from './tables.ts';

// A request can have resources of several kinds, and each must be allowed. So a statement that names every subnet and
// no endpoint changes no endpoint by itself.

/** An action, and the kinds of resources that a request has together: of each group one. */
interface JointAction {
  readonly number: number;
  readonly groups: readonly (readonly string[])[];
}

/** Of services whose list in the table does not say it. */
const BY_HAND: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'redshift:GetClusterCredentials': [['dbuser']],
  'servicecatalog:AssociateAttributeGroup': [['applications'], ['attribute-groups']],
  'servicecatalog:DisassociateAttributeGroup': [['applications'], ['attribute-groups']],
  'ssm:SendCommand': [['document'], ['instance', 'managed-instance']],
  'ssm:StartSession': [['instance', 'managed-instance', 'task']],
};
/** What resources of these actions belong to. */
const OWNERS = /^(?:\*|arn:[^:]*:(?:ec2|ecs|redshift|servicecatalog|ssm|[^:*]*\*[^:]*):)/;
const BROAD_KIND = /^\/?([\w-]+)[/:]\*+(?:\/\*+)*$/;

const JOINT: readonly JointAction[] = [...fromTable(), ...byHand()].filter(({ number }) => number >= 0);
const JOINT_BITS = bitsOf(JOINT.map(({ number }) => number));

function fromTable(): JointAction[] {
  const rows = [...ACTIONS.values()].flat().filter(({ kinds }) => kinds !== undefined);
  return rows.map(({ key, kinds = [] }) => ({ number: numberOf(key) ?? -1, groups: kinds.map((kind) => [kind]) }));
}

function byHand(): JointAction[] {
  return Object.entries(BY_HAND).map(([action, groups]) => ({ number: numberOf(action) ?? -1, groups }));
}

/** Kinds of which a broad list names every resource; undefined: of all kinds, or no action has several. */
export function broadKinds({ patterns, except }: PatternList, actions: ActionBits): readonly string[] | undefined {
  if (except || firstRemaining(JOINT_BITS, wholeOf(actions)) === undefined) return undefined;
  const parts = patterns.filter((pattern) => OWNERS.test(pattern)).map(partOf);
  if (parts.some((part) => /^\*+(?:\/\*+)?$/.test(part))) return undefined;
  return parts.flatMap((part) => BROAD_KIND.exec(part)?.[1] ?? []);
}

function partOf(pattern: string): string {
  return pattern.startsWith('arn:') ? pattern.split(':').slice(5).join(':') : pattern;
}

/** A statement, and what is left of its actions. */
interface Allowing {
  readonly compiled: { readonly kinds?: readonly string[]; readonly grantor: { readonly reach: string } | undefined };
  readonly left: Remainder;
}

/**
 * Actions that statements allow on every resource of a kind, but not of each kind that a request has: together they
 * reach some. Undefined: none.
 */
export function limitedByKind(allowing: readonly Allowing[]): ActionBits | undefined {
  if (allowing.every(({ compiled }) => compiled.kinds === undefined)) return undefined;
  const broad = allowing.filter(({ compiled }) => compiled.grantor?.reach === 'all');
  const limited = JOINT.filter((action) => isLimited(action, broad));
  return limited.length === 0 ? undefined : bitsOf(limited.map(({ number }) => number));
}

function isLimited({ number, groups }: JointAction, broad: readonly Allowing[]): boolean {
  const naming = broad.filter(({ left }) => remains(left, number));
  if (naming.length === 0 || naming.some(({ compiled }) => compiled.kinds === undefined)) return false;
  const named = naming.flatMap(({ compiled }) => compiled.kinds ?? []);
  return !groups.every((group) => group.some((kind) => named.includes(kind)));
}

// A list of resources can be of several services: one bucket and every subnet is every subnet, and one bucket.

/** Services whose actions take resources of their own alone. Others, such as ssm, take those of ec2, too. */
const CLOSED_SERVICES: readonly string[] = ['dynamodb', 'iam', 'kms', 'lambda', 's3', 'secretsmanager', 'sns', 'sqs'];

const ACTIONS_OF: ReadonlyMap<string, ActionBits> = new Map(
  CLOSED_SERVICES.map((service) => [service, bitsOf(numbersOfService(service))]),
);

/** The named actions to which nothing is broad that a broad list names; undefined: none. */
export function foreignActions({ patterns, except }: PatternList, named: ActionBits): ActionBits | undefined {
  if (except) return undefined;
  const services = patterns.filter(isBroadResource).map(serviceOfArn);
  if (services.includes(undefined)) return undefined;
  const whole = wholeOf(named);
  const foreign = CLOSED_SERVICES.flatMap((service) => {
    const actions = services.includes(service) ? undefined : ACTIONS_OF.get(service);
    return actions === undefined || firstRemaining(actions, whole) === undefined ? [] : [actions];
  });
  if (foreign.length === 0) return undefined;
  const bits = noActions();
  for (const actions of foreign) addBits(bits, actions);
  return bits;
}
