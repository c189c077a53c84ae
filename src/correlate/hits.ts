import type { Identity, JoinKey } from '../model/identity.ts';
import { confidenceOfKey, type KeyIndex } from './key-index.ts';

/** Links of one run that keys with many identities may make: as many as a report can hold. */
const MOST_LINKS = 200_000;

/** Identities by key, as far as a key tells something. */
export interface HitFinder {
  /**
   * The identities that have the key. A name that more than `most` of them have names a kind, not an identity: then
   * there are none. A key that proves a link counts however many there are, until the links of the run are used up; one
   * that only stands `near` proves nothing.
   */
  find(key: JoinKey, most: number, near?: boolean): readonly Identity[];
  /** Links that were not made for lack of room. */
  lost(): number;
}

/** Makes a finder for one run. */
export function createHitFinder(index: KeyIndex, mostLinks: number = MOST_LINKS): HitFinder {
  let room = mostLinks;
  let lost = 0;
  const find = (key: JoinKey, most: number, near = false): readonly Identity[] => {
    const hits = index.find(key);
    if (hits.length <= most) return hits;
    if (near || confidenceOfKey(key.kind, hits.length) !== 'proven') return [];
    const fitting = hits.slice(0, room);
    room -= fitting.length;
    lost += hits.length - fitting.length;
    return fitting;
  };
  return { find, lost: () => lost };
}
