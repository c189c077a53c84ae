import type { PatternList } from '../contract.ts';
import { type ActionBits, bitsOf, firstRemaining, type Remainder, remains, wholeOf } from './action-sets/bits.ts';
import { numberOf } from './action-sets/numbers.ts';
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
const OWNERS = /^(?:\*|arn:[^:]*:(?:ec2|ecs|redshift|servicecatalog|ssm|[^:]*\*[^:]*):)/;
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
