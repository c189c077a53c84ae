import { type ActionBits, both, unionOf, without } from './action-sets/bits.ts';
import type { ActionSets } from './action-sets/sets.ts';
import { isKnownOperator, isLimitingDeny } from './conditions.ts';
import type { Statement } from './document.ts';
import type { Compiled } from './reach.ts';
import { isOfKind, type LeftByDeny, leftOf } from './resources.ts';

/** Actions of which denies leave nothing, and those of which they leave some. Absent: none. */
export interface Taken {
  readonly none?: ActionBits;
  readonly some?: ActionBits;
}

/** All denies of a principal, or of a boundary. */
export class Denials {
  private readonly denies: readonly Compiled[];
  private readonly sets: ActionSets;
  /** Denied everywhere and always, whatever a statement allows. */
  private readonly always: ActionBits | undefined;
  private readonly others: readonly Compiled[];

  constructor(denies: readonly Compiled[], sets: ActionSets) {
    this.denies = denies;
    this.sets = sets;
    this.others = denies.filter((deny) => !isAlways(deny));
    this.always = unionOf(denies.filter(isAlways).map(({ named }) => named.bits));
  }

  get isEmpty(): boolean {
    return this.denies.length === 0;
  }

  /** What is taken from a statement. */
  takenFrom({ resources }: Statement): Taken {
    const none: ActionBits[] = this.always === undefined ? [] : [this.always];
    const some: ActionBits[] = [];
    for (const deny of this.others) {
      const left = leftOf(resources, deny.statement.resources, deny.broadResources);
      if (isUnclear(deny.statement)) some.push(deny.named.bits);
      else if (deny.statement.conditions.length === 0) this.take(deny, left, none, some);
      // A condition on who calls can be fulfilled; one on what is touched leaves the rest.
      else if (deny.statement.conditions.some(isLimitingDeny)) this.take(deny, left, some, some);
    }
    const [taken, limited] = [unionOf(none), unionOf(some)];
    return { ...(taken && { none: taken }), ...(limited && { some: limited }) };
  }

  /** False where nothing is left of an action that is in no list. */
  leaves(action: string, { resources }: Statement): boolean {
    return !this.denies.some(({ statement, actions }) => {
      if (statement.conditions.length > 0 || isUnclear(statement) || !actions.has(action)) return false;
      const { left, broad } = leftOf(resources, statement.resources);
      return left === 'none' || broad.some((pattern) => isOfKind(action, pattern));
    });
  }

  private take({ named }: Compiled, { left, broad }: LeftByDeny, none: ActionBits[], some: ActionBits[]): void {
    if (left === 'none') none.push(named.bits);
    else if (left === 'some') some.push(named.bits);
    else for (const pattern of broad) none.push(this.ofKind(named.bits, pattern));
  }

  private ofKind(bits: ActionBits, pattern: string): ActionBits {
    const taking = this.sets.taking(pattern);
    return taking === undefined ? bits : both(bits, taking);
  }
}

/** What is left of some actions. */
export function afterDenies(bits: ActionBits, { none }: Taken): ActionBits {
  return none === undefined ? bits : without(bits, none);
}

/** A deny of `*` without a condition. */
function isAlways({ statement }: Compiled): boolean {
  const { resources, conditions } = statement;
  return (
    conditions.length === 0 &&
    !isUnclear(statement) &&
    !resources.except &&
    resources.patterns.some((pattern) => /^\*+$/.test(pattern))
  );
}

/** Nobody knows when it applies. */
function isUnclear({ conditionUnknown, conditions }: Statement): boolean {
  return conditionUnknown || !conditions.every(isKnownOperator);
}
