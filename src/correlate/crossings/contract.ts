import type { Edge, Identity, IdentityId } from '../../model/identity.ts';
import type { Json } from '../../model/json.ts';
import type { SecretGroup } from '../groups.ts';

/** The joined inventory, as crossings see it: all edges are there, and nothing is annotated yet. */
export interface CrossingInput {
  readonly identities: readonly Identity[];
  readonly byId: ReadonlyMap<string, Identity>;
  /** Sorted by their ends. */
  readonly edges: readonly Edge[];
  /** Secrets, and the nodes that each surely opens. */
  readonly opened: readonly OpenedSecret[];
  /** Declared ids, and the live id that each became. */
  readonly declared: ReadonlyMap<string, IdentityId>;
  readonly now: Date;
}

/** A found secret with the nodes that it surely opens: the credential first. */
export interface OpenedSecret {
  readonly group: SecretGroup;
  readonly nodes: readonly Identity[];
}

/** Values of attributes by identity. */
export type Crossed = Map<string, Record<string, Json>>;

/**
 * Facts that only two places together tell, written so that a message can cite both. Linear in the inventory, and
 * independent of the order of its parts.
 */
export type Crossing = (input: CrossingInput) => Crossed;

/** Adds values to what is known of an identity. */
export function note(crossed: Crossed, id: string, values: Readonly<Record<string, Json>>): void {
  crossed.set(id, Object.assign({}, crossed.get(id), values));
}
