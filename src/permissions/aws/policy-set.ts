import { mergeFields } from '../../lib/fields/merge-fields.ts';
import { matchesWildcard } from '../../lib/patterns/wildcard.ts';
import type { PrivilegeTier } from '../../model/identity.ts';
import type { Power, StatementSource } from '../contract.ts';
import {
  type ActionBits,
  type AskedBits,
  addAsked,
  addBits,
  askedOf,
  both,
  isAsked,
  isTaken,
  isWhole,
  noActions,
  noneAsked,
  type Remainder,
  remains,
} from './action-sets/bits.ts';
import { numberOf } from './action-sets/numbers.ts';
import { type ActionSets, worthLeft } from './action-sets/sets.ts';
import { SELF_GRANTING } from './actions.ts';
import type { AttachedPolicy } from './attached-policy.ts';
import type { BoundaryIndex } from './boundary.ts';
import { isNarrowing } from './conditions.ts';
import { Denials, type Taken } from './denials.ts';
import { limitedByKind } from './kinds.ts';
import { highest, type Worth } from './levels.ts';
import type { Allowed, Compiled, DocumentIndex, Grantor, Reach, Wildcard } from './reach.ts';

/** Actions with which a role changes itself, where they are allowed on its own ARN. */
const ROLE_GRANTING = ['iam:PutRolePolicy', 'iam:AttachRolePolicy'];
/** Actions that take a boundary away, or put another one. */
const LIFTERS = ['iam:DeleteRolePermissionsBoundary', 'iam:DeleteUserPermissionsBoundary'].map(numberIn);
const REPLACERS = ['iam:PutRolePermissionsBoundary', 'iam:PutUserPermissionsBoundary'].map(numberIn);
const WIDEST_FIRST: readonly Reach[] = ['all', 'some', 'own'];
const NO_LIMITS: readonly ActionBits[] = [];

/** An allowing statement of one principal, and what denies and boundary leave of its actions. */
export interface Standing {
  readonly compiled: Compiled;
  readonly source: StatementSource;
  readonly taken: Taken;
  readonly left: Remainder;
}

/** Actions that one statement allows in one way. */
interface Layer {
  readonly rest: Remainder;
  readonly asked: AskedBits;
  readonly allowed: Allowed;
}

/** What the document of a policy says, and which policy it is. */
interface Indexed {
  readonly source: StatementSource;
  readonly index: DocumentIndex;
}

/** What principals have, made ready for questions. */
export interface PolicySetInput {
  readonly policies: readonly AttachedPolicy[];
  readonly index: (document: NonNullable<AttachedPolicy['document']>) => DocumentIndex;
  /** Absent: none. */
  readonly limit?: BoundaryIndex;
  /** The ARN of the principal, where it is known. */
  readonly self?: string;
  readonly sets: ActionSets;
}

/** All policies of one principal, with its boundary, as one answer to "may it do this, and on what". */
export class PolicySet {
  /** False: a part was not read, or nobody can know what it does. */
  readonly known: boolean;
  /** Allowing statements, with the policy that they are of. */
  readonly statements: readonly Standing[];
  /** True where a deny or a boundary takes something away. */
  readonly isLimited: boolean;
  private readonly denials: Denials;
  private readonly limit: BoundaryIndex | undefined;
  private readonly self: string | undefined;
  private readonly sets: ActionSets;
  /** Actions that reach some only, because a request has resources of more kinds than are allowed. */
  private readonly limitedByKind: ActionBits | undefined;
  /** What is allowed of the actions that powers ask for: in some way, and on every resource. */
  readonly allowed: AskedBits = noneAsked();
  readonly everywhere: AskedBits = noneAsked();
  /** The widest first. */
  private readonly layers: readonly Layer[];

  constructor({ policies, index, limit, self, sets }: PolicySetInput) {
    const [indexed, denies] = [[] as Indexed[], [] as Compiled[]];
    for (const policy of policies) {
      if (policy.document === undefined) continue;
      const own = index(policy.document);
      indexed.push({ source: sourceOf(policy), index: own });
      for (const deny of own.denies) denies.push(deny);
    }
    this.denials = new Denials(denies);
    this.limit = limit;
    this.self = self;
    this.sets = sets;
    this.isLimited = limit !== undefined || denies.length > 0;
    this.known =
      indexed.length === policies.length &&
      indexed.every((policy) => policy.index.known) &&
      (limit === undefined || limit.known);
    const statements: Standing[] = [];
    for (const { index: own, source } of indexed)
      for (const compiled of own.allows) statements.push(this.stand(compiled, source));
    this.statements = statements;
    this.limitedByKind = limitedByKind(statements);
    const layers: Layer[] = [];
    for (const standing of statements) this.addLayers(layers, standing);
    this.layers = widestFirst(layers);
    for (const { asked, allowed } of layers) {
      addAsked(this.allowed, asked);
      if (allowed.reach === 'all') addAsked(this.everywhere, asked);
    }
  }

  /** True if the action of a number is allowed in some way. */
  has(action: number): boolean {
    return isAsked(this.allowed, action) ?? this.layers.some(({ rest }) => remains(rest, action));
  }

  /** The widest way in which the action of a number is allowed; undefined: it is not. */
  reach(action: number): Allowed | undefined {
    for (const layer of this.layers) if (includes(layer, action)) return layer.allowed;
    return undefined;
  }

  /** The widest way in which an action is allowed and that passes a test. */
  reachWhere(action: number, isUsable: (allowed: Allowed) => boolean): Allowed | undefined {
    return this.layers.find((layer) => includes(layer, action) && isUsable(layer.allowed))?.allowed;
  }

  /** True if an action with which a principal changes itself is allowed on its own ARN. */
  isOnItself(action: string, { resource }: Allowed): boolean {
    const { self } = this;
    if (self === undefined) return false;
    const granting = self.includes(':role/') ? ROLE_GRANTING : SELF_GRANTING;
    return granting.includes(action) && matchesWildcard(resource, self);
  }

  /** The policy that allows everything on everything, without a condition; undefined where none does. */
  everything(): StatementSource | undefined {
    return this.statements.find(({ compiled }) => compiled.everything)?.source;
  }

  /** Services of which everything is allowed. */
  wildcards(): Power[] {
    const powers: Power[] = [];
    for (const standing of this.statements) {
      const { source, compiled } = standing;
      const { statement, wildcards, broad: everywhere, widest: resource } = compiled;
      if (wildcards.length === 0 || statement.conditionUnknown || statement.conditions.some(isNarrowing)) continue;
      for (const wildcard of wildcards) {
        if (!isLeft(standing, wildcard)) continue;
        const { pattern } = wildcard;
        const tier = this.wildcardTier(pattern, everywhere);
        powers.push({ family: 'service-wildcard', tier, actions: [pattern], resource, everywhere, source });
      }
    }
    return powers;
  }

  /** What the actions of a statement are worth after denies and boundary; undefined: nothing is left. */
  worthOf({ compiled, left }: Standing): Worth | undefined {
    const { statement, named, grantor } = compiled;
    if (statement.actions.except && statement.actions.unknown) return undefined;
    const isLeft = (action: string): boolean => this.leaves(compiled, action);
    const limited = this.limitsOf(compiled);
    if (limited.length === 0) return this.capped(worthLeft(named, left, isLeft), grantor?.ceiling);
    const part = worthLeft(
      mergeFields(named, { unlisted: [], hasHarmless: false }),
      mergeFields(left, { of: both(left.of, unionOf(limited)) }),
      isLeft,
    );
    const whole = worthLeft(named, mergeFields(left, { without: left.without.concat(limited) }), isLeft);
    const worths = [whole, part && { onAll: part.onSome, onSome: part.onSome }];
    return highest(worths.filter((worth) => worth !== undefined));
  }

  /** The most that is given under a limit to named policies; undefined where there is none, or it can be lifted. */
  ceilingOf({ ceiling }: Pick<Allowed, 'ceiling'>): PrivilegeTier | undefined {
    if (ceiling === undefined || LIFTERS.some((number) => this.has(number))) return undefined;
    const isFree = (allowed: Allowed): boolean => allowed.ceiling === undefined;
    return REPLACERS.some((number) => this.reachWhere(number, isFree) !== undefined) ? undefined : ceiling;
  }

  /** What is given within named policies is worth no more than these, and no less than a write. */
  private capped(worth: Worth | undefined, ceiling: PrivilegeTier | undefined): Worth | undefined {
    const most = ceiling === undefined ? undefined : this.ceilingOf({ ceiling });
    if (worth === undefined || most === undefined || most === 0) return worth;
    const least = most === 1 ? 1 : 2;
    const tierOf = (tier: PrivilegeTier): PrivilegeTier => (tier < least ? least : tier);
    return { onAll: tierOf(worth.onAll), onSome: tierOf(worth.onSome) };
  }

  private stand(compiled: Compiled, source: StatementSource): Standing {
    const taken = this.denials.takenFrom(compiled.statement);
    const left = remainderOf(compiled.named.bits, taken.none, this.limit?.any);
    return { compiled, source, taken, left };
  }

  /** Actions of a broad statement that reach some only. */
  private limitsOf({ kinds, foreign }: Compiled): readonly ActionBits[] {
    const joint = kinds && this.limitedByKind;
    if (joint === undefined) return foreign === undefined ? NO_LIMITS : [foreign];
    return foreign === undefined ? [joint] : [joint, foreign];
  }

  private addLayers(layers: Layer[], { compiled, source, taken, left }: Standing): void {
    const { grantor } = compiled;
    if (grantor === undefined) return;
    const widest = { rest: left, asked: askedOf(left), allowed: allowedBy(grantor, grantor.reach, source) };
    const { limit } = this;
    const limits = this.limitsOf(compiled);
    const some = limits.length === 0 ? taken.some : taken.some.concat(limits);
    if (grantor.reach !== 'all' || (some.length === 0 && limit === undefined)) {
      layers.push(widest);
      return;
    }
    const rest = remainderOf(left.of, taken.none.concat(some), limit?.all);
    layers.push(
      { rest, asked: askedOf(rest), allowed: widest.allowed },
      { rest: left, asked: widest.asked, allowed: allowedBy(grantor, 'some', source) },
    );
  }

  /** For an action that is in no list. */
  private leaves({ statement }: Compiled, action: string): boolean {
    return this.denials.leaves(action, statement) && (this.limit === undefined || this.limit.passes(action));
  }

  /** Everything of a service that only reads is no more than reading. */
  private wildcardTier(pattern: string, everywhere: boolean): PrivilegeTier {
    const least = everywhere ? 1 : 2;
    const changes = pattern.startsWith('* except') || this.sets.changesService(pattern);
    const worth = changes ? least : this.sets.worthOf(pattern).onAll;
    return Math.max(least, worth) as PrivilegeTier;
  }
}

function widestFirst(layers: readonly Layer[]): readonly Layer[] {
  const sorted: Layer[] = [];
  for (const reach of WIDEST_FIRST) for (const layer of layers) if (layer.allowed.reach === reach) sorted.push(layer);
  return sorted;
}

function includes({ asked, rest }: Layer, action: number): boolean {
  return isAsked(asked, action) ?? remains(rest, action);
}

/** True where nothing is taken of what a pattern names. */
function isLeft({ left }: Standing, { actions }: Wildcard): boolean {
  return isWhole(left) || !isTaken(actions, left);
}

function unionOf(sets: readonly ActionBits[]): ActionBits {
  const bits = noActions();
  for (const set of sets) addBits(bits, set);
  return bits;
}

function numberIn(action: string): number {
  return numberOf(action) ?? -1;
}

function sourceOf({ name, source, document }: AttachedPolicy): StatementSource {
  const location = document?.location;
  return location === undefined ? { policy: name, source } : { policy: name, source, location };
}

function remainderOf(of: ActionBits, without: readonly ActionBits[], within: ActionBits | undefined): Remainder {
  return within === undefined ? { of, without } : { of, without, within };
}

/** All fields in one order: thousands of principals have dozens of these. */
function allowedBy(
  { resource, conditional, throughService, services, ceiling }: Grantor,
  reach: Allowed['reach'],
  source: StatementSource,
): Allowed {
  return { reach, resource, conditional, throughService, services, ceiling, source };
}
