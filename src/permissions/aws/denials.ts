import type { ActionBits } from './action-sets/bits.ts';
import type { Statement } from './document.ts';
import type { Compiled } from './reach.ts';
import { isOfKind, leftOf } from './resources.ts';

/** Sets of actions of which denies leave nothing, and of which they leave some. */
export interface Taken {
  readonly none: readonly ActionBits[];
  readonly some: readonly ActionBits[];
}

const NOTHING: Taken = { none: [], some: [] };

/** All denies of a principal, or of a boundary. */
export class Denials {
  private readonly denies: readonly Compiled[];
  /** Denied everywhere and always, whatever a statement allows. */
  private readonly always: readonly ActionBits[];
  private readonly others: readonly Compiled[];
  /** What is taken of every statement where no deny depends on what is allowed. */
  private readonly same: Taken | undefined;

  constructor(denies: readonly Compiled[]) {
    this.denies = denies;
    this.others = denies.filter((deny) => !isAlways(deny));
    this.always = denies.filter(isAlways).map(({ named }) => named.bits);
    this.same = this.others.length > 0 ? undefined : this.always.length > 0 ? { none: this.always, some: [] } : NOTHING;
  }

  /** What is taken from a statement. */
  takenFrom({ resources }: Statement): Taken {
    if (this.same !== undefined) return this.same;
    const none: ActionBits[] = [];
    const some: ActionBits[] = [];
    for (const deny of this.others) {
      const { force, named } = deny;
      if (force === 'unclear') some.push(named.bits);
      // A condition on who calls can be fulfilled; one on what is touched leaves the rest.
      if (force === 'unclear' || force === 'avoidable') continue;
      const { left } = leftOf(resources, deny.statement.resources, deny.broadResources);
      if (left === 'some') some.push(named.bits);
      else addTo(force === 'always' ? none : some, left === 'none' ? [named.bits] : deny.ofKinds);
    }
    return { none: none.length === 0 ? this.always : this.always.concat(none), some };
  }

  /** False where nothing is left of an action that is in no list. */
  leaves(action: string, { resources }: Statement): boolean {
    return !this.denies.some(({ statement, actions, force }) => {
      if (force !== 'always' || !actions.has(action)) return false;
      const { left, broad } = leftOf(resources, statement.resources);
      return left === 'none' || broad.some((pattern) => isOfKind(action, pattern));
    });
  }
}

function addTo(list: ActionBits[], added: readonly ActionBits[]): void {
  for (const bits of added) list.push(bits);
}

/** A deny of `*` without a condition. */
function isAlways({ statement: { resources }, force }: Compiled): boolean {
  return force === 'always' && !resources.except && resources.patterns.some((pattern) => /^\*+$/.test(pattern));
}
