import type { Checkpoint } from '../../../collectors/abilities.ts';
import { readInlineComment } from '../../../config/inline.ts';
import type { ConfirmedMatch } from '../../../detect/confirm.ts';
import { defined } from '../../../lib/fields/defined.ts';
import { compareLocations, type Location, objectOf } from '../../../model/location.ts';
import type { Secret } from '../../../model/secret.ts';
import type { KnownMatch } from './recall.ts';
import type { PlaceGroup } from './state.ts';

/** Places of one secret that a state can hold. */
export const MOST_PLACES = 5_000;

/**
 * Numbers the matches that are alike in everything but their place: one of them can stand for the others. It remembers
 * the numbers, because a report has many places.
 */
export class Likeness {
  readonly #kindOf = new Map<ConfirmedMatch['match'], number>();
  /** Numbers by everything that alike matches share, as text. */
  readonly #kinds = new Map<string, number>();
  readonly #fingerprint: (secret: Secret) => string;

  constructor(fingerprint: (secret: Secret) => string) {
    this.#fingerprint = fingerprint;
  }

  /** Returns the same number for matches that are alike. */
  of({ match, lineText }: ConfirmedMatch): number {
    const numbered = this.#kindOf.get(match);
    if (numbered !== undefined) return numbered;
    const { ruleId, secret, grade, confidence, location, parts, facts, keys, checks } = match;
    const { part, repository, reachable, decoded } = location;
    const comment = readInlineComment(lineText, '')?.reason;
    const fingerprint = this.#fingerprint(secret);
    const place = [part, repository, reachable, decoded, comment];
    const key = JSON.stringify([ruleId, fingerprint, grade, confidence, parts, facts, keys, checks, place]);
    const kind = this.#kinds.get(key) ?? this.#kinds.size;
    this.#kinds.set(key, kind);
    this.#kindOf.set(match, kind);
    return kind;
  }

  /** Copies a match to another place. */
  moved(confirmed: ConfirmedMatch, location: Location): ConfirmedMatch {
    const moved = { ...confirmed, match: { ...confirmed.match, location } };
    this.#kindOf.set(moved.match, this.of(confirmed));
    return moved;
  }

  /** Returns the same text for matches that are alike and lie in versions of the same file. */
  inFile(confirmed: ConfirmedMatch): string {
    return `${this.of(confirmed)}\n${confirmed.match.location.path}`;
  }
}

/**
 * Adds the copies that a state lists to the matches that this run read again. Returns undefined where a match is not at
 * its place any more: then only a scan of everything is right.
 */
export function restorePlaces(
  matches: readonly ConfirmedMatch[],
  groups: readonly PlaceGroup[],
  read: Pick<Checkpoint, 'again' | 'fresh' | 'present'>,
  likeness: Likeness,
): ConfirmedMatch[] | undefined {
  const { again = new Set(), fresh = new Set(), present = new Set() } = read;
  const byPlace = new Map(
    matches.map((confirmed) => [placeKey(confirmed.match.ruleId, confirmed.match.location), confirmed]),
  );
  const carried: Carried[] = [];
  for (const { rule, at, copies } of groups) {
    const witness = byPlace.get(placeKey(rule, at));
    const places = copies.filter((place) => !isFresh(place, fresh));
    if (witness === undefined) {
      if (places.length > 0 || !isFresh(at, fresh)) return undefined;
      continue;
    }
    if (!isFresh(at, fresh)) carried.push({ confirmed: witness, was: at.present === true });
    for (const place of places) {
      carried.push({ confirmed: likeness.moved(witness, asOfNow(place, present)), was: place.present === true });
    }
  }
  const isNew = ({ match }: ConfirmedMatch): boolean => !again.has(objectOf(match.location));
  const earlier = dropPassing(carried, likeness);
  return [...earlier, ...newPlaces(matches.filter(isNew), earlier, likeness)];
}

function asOfNow(place: Location, present: ReadonlySet<string>): Location {
  if (place.present === undefined) return place;
  const isPresent = present.has(place.blob ?? '');
  return isPresent === place.present ? place : { ...place, present: isPresent };
}

/** A match of an earlier run. `was`: whether its place was in HEAD then. */
interface Carried {
  readonly confirmed: ConfirmedMatch;
  readonly was: boolean;
}

/**
 * Drops versions of a file that were in HEAD for a while and are not now, where an earlier place of the secret is
 * known. Else every edit of a file would add a place.
 */
function dropPassing(carried: readonly Carried[], likeness: Likeness): ConfirmedMatch[] {
  const gone = carried.filter(({ confirmed, was }) => was && confirmed.match.location.present !== true);
  const paths = new Set(gone.map(({ confirmed }) => confirmed.match.location.path));
  const first = new Map<string, string>();
  for (const { confirmed } of carried) {
    if (!paths.has(confirmed.match.location.path)) continue;
    const key = likeness.inFile(confirmed);
    const { date = '' } = confirmed.match.location;
    const earliest = first.get(key);
    if (earliest === undefined || date < earliest) first.set(key, date);
  }
  const passes = ({ confirmed, was }: Carried): boolean => {
    const { present, date = '' } = confirmed.match.location;
    return was && present !== true && (first.get(likeness.inFile(confirmed)) ?? '') < date;
  };
  return carried.filter((entry) => !passes(entry)).map(({ confirmed }) => confirmed);
}

/**
 * Returns the matches in new objects. Leaves out those that are only a further version of a file with a known secret,
 * as a full scan does.
 */
function newPlaces(
  matches: readonly ConfirmedMatch[],
  earlier: readonly ConfirmedMatch[],
  likeness: Likeness,
): ConfirmedMatch[] {
  const paths = new Set(matches.map((confirmed) => confirmed.match.location.path));
  const near = earlier.filter((confirmed) => paths.has(confirmed.match.location.path));
  const seen = new Set(near.map((confirmed) => likeness.inFile(confirmed)));
  return matches.filter((confirmed) => {
    const { blob, present } = confirmed.match.location;
    const key = likeness.inFile(confirmed);
    const isCopy = seen.has(key);
    seen.add(key);
    return blob === undefined || present === true || !isCopy;
  });
}

/**
 * Groups the matches that lie in objects, so that few objects have to be read to see every secret again. Undefined
 * where a secret has more than `MOST_PLACES`: a state that left some out would make the next report a smaller one.
 */
export function groupPlaces(
  matches: readonly ConfirmedMatch[],
  likeness: Likeness,
  remember: (confirmed: ConfirmedMatch) => KnownMatch | undefined,
): PlaceGroup[] | undefined {
  const groups = new Map<number, ConfirmedMatch[]>();
  for (const confirmed of matches) {
    if (objectOf(confirmed.match.location) === '') continue;
    const key = likeness.of(confirmed);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [confirmed]);
    else group.push(confirmed);
    if (group !== undefined && group.length > MOST_PLACES) return undefined;
  }
  const uses = countUses(groups.values());
  const chosen = new Set<string>();
  return [...groups.values()].flatMap((group) => toGroup(group, chosen, uses, remember));
}

/** In how many groups each object is. */
function countUses(groups: Iterable<readonly ConfirmedMatch[]>): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  for (const group of groups) {
    const objects = new Set(group.map(({ match }) => objectOf(match.location)));
    for (const object of objects) uses.set(object, (uses.get(object) ?? 0) + 1);
  }
  return uses;
}

/** The witness is in an object that is read anyway, else in the one that has most of the secrets. */
function toGroup(
  group: readonly ConfirmedMatch[],
  chosen: Set<string>,
  uses: ReadonlyMap<string, number>,
  remember: (confirmed: ConfirmedMatch) => KnownMatch | undefined,
): PlaceGroup[] {
  let witness = group[0];
  let best = -1;
  for (const confirmed of group) {
    const object = objectOf(confirmed.match.location);
    const rank = chosen.has(object) ? Number.POSITIVE_INFINITY : (uses.get(object) ?? 0);
    if (rank > best) [witness, best] = [confirmed, rank];
  }
  if (witness === undefined) return [];
  const { ruleId: rule, location: at } = witness.match;
  chosen.add(objectOf(at));
  const copies = group.filter((confirmed) => confirmed !== witness).map(({ match }) => match.location);
  const known = remember(witness);
  // In the order in which the next run sorts them.
  return [{ rule, at, copies: copies.sort(compareLocations), ...defined({ known }) }];
}

function placeKey(rule: string, location: Location): string {
  const { startLine, startColumn, decoded = [] } = location;
  return [objectOf(location), rule, startLine, startColumn, ...decoded].join('\n');
}

function isFresh({ blob, commit }: Location, newObjects: ReadonlySet<string>): boolean {
  return newObjects.has(blob ?? commit ?? '');
}
