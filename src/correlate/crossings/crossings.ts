import type { Identity } from '../../model/identity.ts';
import { type Crossed, type Crossing, type CrossingInput, note } from './contract.ts';
import { findDeprecated } from './deprecated.ts';
import { findDrift } from './drift.ts';
import { findKnowledge } from './knowledge.ts';
import { findPaths } from './paths.ts';
import { findPurposes } from './purpose.ts';
import { findReaders } from './readers.ts';
import { findReuse } from './reuse.ts';
import { findRotations } from './rotation.ts';
import { findVaulted } from './vaulted.ts';

const CROSSINGS: readonly Crossing[] = [
  findReuse,
  findPaths,
  findKnowledge,
  findRotations,
  findDrift,
  findVaulted,
  findDeprecated,
  findReaders,
  findPurposes,
];

/** All facts that two places together tell, by identity. */
export function findCrossings(input: Omit<CrossingInput, 'byId'>): Crossed {
  const byId = new Map<string, Identity>(input.identities.map((identity) => [identity.id, identity]));
  const crossed: Crossed = new Map();
  for (const crossing of CROSSINGS) {
    for (const [id, values] of crossing({ ...input, byId })) note(crossed, id, values);
  }
  return crossed;
}
