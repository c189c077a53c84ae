import type { PrivilegeTier } from '../../model/identity.ts';
import type { StatementSource } from '../contract.ts';
import { type ActionBits, both, type SparseBits } from './action-sets/bits.ts';
import { ActionList } from './action-sets/list.ts';
import { type ActionSets, type NamedActions, onBuckets, throughServices } from './action-sets/sets.ts';
import {
  isKnownOperator,
  isLimitingDeny,
  isNarrowing,
  isThroughService,
  limitingPolicies,
  passedServices,
} from './conditions.ts';
import type { PolicyDocument, Statement } from './document.ts';
import { broadKinds, foreignActions } from './kinds.ts';
import { isBroadResource, isBucketsOnly, isOwn, widestOf } from './resources.ts';

/** How much an action reaches: every resource of its kind, some (or under a condition), the caller, or none. */
export type Reach = 'all' | 'some' | 'own' | 'none';

/** How one statement allows its actions, before denies. */
export interface Grantor {
  readonly reach: Exclude<Reach, 'none'>;
  readonly resource: string;
  /** True: under a condition that narrows what it may touch. */
  readonly conditional: boolean;
  /** Services to which a role may be passed; undefined: to any. */
  readonly services: readonly string[] | undefined;
  /** True: services alone may use the key. */
  readonly throughService: boolean;
  /** The most that is given with it: the tier of the policies to which a condition limits it. Undefined: no limit. */
  readonly ceiling: PrivilegeTier | undefined;
}

/** The tier of what policies allow, by their ARNs; undefined: one of them is not known. */
export type CeilingOf = (arns: readonly string[]) => PrivilegeTier | undefined;

/** One way in which a principal is allowed an action, after denies and boundary. */
export interface Allowed extends Grantor {
  readonly source: StatementSource;
}

/** A statement, made ready for questions. Thousands of principals can have the same. */
export interface Compiled {
  readonly statement: Statement;
  readonly named: NamedActions;
  /** For actions that are in no list. */
  readonly actions: ActionList;
  /** Undefined: nobody knows when the statement applies. */
  readonly grantor: Grantor | undefined;
  readonly broad: boolean;
  /** Those of its resources that are broad by themselves. */
  readonly broadResources: readonly string[];
  /** Kinds of which it names every resource, where it reaches all of some kinds. Absent: of every kind. */
  readonly kinds?: readonly string[];
  /** Actions that its broad resources are nothing to: they reach some. Absent: none. */
  readonly foreign?: ActionBits;
  /** Of a deny: what it takes whatever is allowed on what, for each of its broad resources. */
  readonly ofKinds: readonly ActionBits[];
  readonly force: Force;
  /** The resource that says most about how far it reaches. */
  readonly widest: string;
  /** The first few of the actions that are worth most. */
  readonly strongest: readonly string[];
  /** True: allows everything on everything, without a condition. */
  readonly everything: boolean;
  /** Patterns that name everything of a service, and the actions of each. */
  readonly wildcards: readonly Wildcard[];
}

/** A pattern that names everything of a service, and the actions; a NotAction is told in words, without. */
export interface Wildcard {
  readonly pattern: string;
  readonly actions: SparseBits;
}

/**
 * When a deny holds: always, not always on what its condition names, whenever somebody calls from elsewhere (which a
 * caller can change), or nobody knows when.
 */
export type Force = 'always' | 'narrowed' | 'avoidable' | 'unclear';

/** What one document says. */
export interface DocumentIndex {
  readonly allows: readonly Compiled[];
  readonly denies: readonly Compiled[];
  /** False: a part was not read, or nobody can know what it does. */
  readonly known: boolean;
}

const NO_BITS: SparseBits = { words: [], bits: [] };
/** Most actions that a reason names. */
const MOST_NAMED = 3;

/** Reads a document once. */
export function indexDocument(document: PolicyDocument, sets: ActionSets, ceilingOf?: CeilingOf): DocumentIndex {
  const compiled = document.statements.map((statement) => compile(statement, sets, ceilingOf));
  return {
    allows: compiled.filter(({ statement }) => statement.effect === 'Allow'),
    denies: compiled.filter(({ statement }) => statement.effect === 'Deny'),
    known: !document.unknown && document.statements.every(isKnown),
  };
}

/** `*` and `*:*`. */
export function isAll(pattern: string): boolean {
  return pattern === '*' || pattern === '*:*';
}

function isKnown({ effect, actions, resources, conditions }: Statement): boolean {
  return effect !== 'unknown' && !actions.unknown && !resources.unknown && conditions.every(isKnownOperator);
}

function compile(statement: Statement, sets: ActionSets, ceilingOf: CeilingOf | undefined): Compiled {
  const { actions, resources } = statement;
  const broadResources = resources.patterns.filter(isBroadResource);
  const broad = resources.except || broadResources.length > 0;
  const widest = widestOf(resources, broadResources);
  const named = namedBy(statement, sets);
  const grantor = grantorOf(statement, broad, widest, ceilingOf);
  const kinds = grantor?.reach === 'all' ? broadKinds(resources, named.bits) : undefined;
  const foreign = grantor?.reach === 'all' ? foreignActions(resources, named.bits) : undefined;
  return {
    statement,
    named,
    actions: new ActionList(actions),
    grantor,
    ...(kinds && { kinds }),
    ...(foreign && { foreign }),
    broad,
    broadResources,
    ofKinds: statement.effect !== 'Deny' || resources.except ? [] : kindsOf(named.bits, broadResources, sets),
    force: forceOf(statement),
    widest,
    strongest: strongestOf(actions.patterns, sets),
    everything: isEverything(statement, broad),
    wildcards: wildcardsOf(statement, sets),
  };
}

/** The actions that a statement can give: those that take none of its resources are no gain. */
function namedBy({ actions, resources, conditions }: Statement, sets: ActionSets): NamedActions {
  const named = isThroughService(conditions) ? throughServices(sets.named(actions)) : sets.named(actions);
  return isBucketsOnly(resources) ? onBuckets(named) : named;
}

function grantorOf(
  { resources, conditions, conditionUnknown }: Statement,
  broad: boolean,
  resource: string,
  ceilingOf: CeilingOf | undefined,
): Grantor | undefined {
  if (!conditions.every(isKnownOperator)) return undefined;
  const conditional = conditionUnknown || conditions.some(isNarrowing);
  const policies = conditional && ceilingOf !== undefined ? limitingPolicies(conditions) : undefined;
  const ceiling = policies && ceilingOf?.(policies);
  const services = passedServices(conditions);
  const reach = isOwn(resources) ? 'own' : broad && !conditional ? 'all' : 'some';
  const throughService = isThroughService(conditions);
  return { reach, resource, conditional, throughService, services, ceiling };
}

function strongestOf(patterns: readonly string[], sets: ActionSets): readonly string[] {
  const judged = patterns.map((pattern) => ({ pattern, tier: sets.worthOf(pattern).onAll }));
  return judged
    .sort((a, b) => a.tier - b.tier)
    .slice(0, MOST_NAMED)
    .map(({ pattern }) => pattern);
}

function kindsOf(bits: ActionBits, broad: readonly string[], sets: ActionSets): readonly ActionBits[] {
  return broad.map((pattern) => {
    const taking = sets.taking(pattern);
    return taking === undefined ? bits : both(bits, taking);
  });
}

function isEverything({ actions, conditions, conditionUnknown }: Statement, broad: boolean): boolean {
  return (
    broad &&
    !actions.except &&
    actions.patterns.some(isAll) &&
    !conditionUnknown &&
    !conditions.some(isNarrowing) &&
    conditions.every(isKnownOperator)
  );
}

function forceOf({ conditions, conditionUnknown }: Statement): Force {
  if (conditionUnknown || !conditions.every(isKnownOperator)) return 'unclear';
  if (conditions.length === 0) return 'always';
  return conditions.some(isLimitingDeny) ? 'narrowed' : 'avoidable';
}

/** What NotAction leaves is named by what it leaves out. */
function wildcardsOf({ actions }: Statement, sets: ActionSets): readonly Wildcard[] {
  if (actions.except)
    return actions.unknown ? [] : [{ pattern: `* except ${actions.patterns.join(', ')}`, actions: NO_BITS }];
  const patterns = actions.patterns.filter((pattern) => isAll(pattern) || /^[\w-]+:\*+$/.test(pattern));
  return patterns.map((pattern) => ({ pattern, actions: sets.sparseOf(pattern) }));
}
