import type { Checkpoint } from '../../../collectors/abilities.ts';
import { readInlineComment } from '../../../config/inline.ts';
import type { ConfirmedMatch } from '../../../detect/confirm.ts';
import { defined } from '../../../lib/fields/defined.ts';
import { compareLocations, type Location, objectOf } from '../../../model/location.ts';
import type { Secret } from '../../../model/secret.ts';
import type { KnownMatch } from './recall.ts';
import type { PlaceGroup } from './state.ts';

/** Places of one secret that are kept. */
const MOST_PLACES = 5_000;

/**
 * What matches have in common of which one can stand for the other: all but the place. Remembered: a report has many
 * places.
 */
export class Likeness {
  readonly #kindOf = new Map<ConfirmedMatch['match'], number>();
  /** By all that they have in common, as text. */
  readonly #kinds = new Map<string, number>();
  readonly #fingerprint: (secret: Secret) => string;

  constructor(fingerprint: (secret: Secret) => string) {
    this.#fingerprint = fingerprint;
  }

  /** A number that matches share which are alike. */
  of({ match, lineText }: ConfirmedMatch): number {
    const known = this.#kindOf.get(match);
    if (known !== undefined) return known;
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

  /** The same match at another place. */
  moved(one: ConfirmedMatch, location: Location): ConfirmedMatch {
    const moved = { ...one, match: { ...one.match, location } };
    this.#kindOf.set(moved.match, this.of(one));
    return moved;
  }

  /** Alike, and in versions of the same file. */
  inFile(one: ConfirmedMatch): string {
    return `${this.of(one)}\n${one.match.location.path}`;
  }
}

/**
 * What a report must be told besides what was read now: takes matches that were read again and puts their copies beside
 * them. Returns undefined where a match is not where it was: then only a scan of everything can be right.
 */
export function restorePlaces(
  matches: readonly ConfirmedMatch[],
  groups: readonly PlaceGroup[],
  read: Pick<Checkpoint, 'again' | 'fresh' | 'present'>,
  likeness: Likeness,
): ConfirmedMatch[] | undefined {
  const { again = new Set(), fresh = new Set(), present = new Set() } = read;
  const found = new Map(matches.map((one) => [placeKey(one.match.ruleId, one.match.location), one]));
  const carried: Carried[] = [];
  for (const { rule, at, copies } of groups) {
    const witness = found.get(placeKey(rule, at));
    const places = copies.filter((place) => !isFresh(place, fresh));
    if (witness === undefined) {
      if (places.length > 0 || !isFresh(at, fresh)) return undefined;
      continue;
    }
    if (!isFresh(at, fresh)) carried.push({ one: witness, was: at.present === true });
    for (const place of places) {
      carried.push({ one: likeness.moved(witness, asOfNow(place, present)), was: place.present === true });
    }
  }
  const isNew = ({ match }: ConfirmedMatch): boolean => !again.has(objectOf(match.location));
  const kept = dropPassing(carried, likeness);
  return [...kept, ...newPlaces(matches.filter(isNew), kept, likeness)];
}

function asOfNow(place: Location, present: ReadonlySet<string>): Location {
  if (place.present === undefined) return place;
  const isPresent = present.has(place.blob ?? '');
  return isPresent === place.present ? place : { ...place, present: isPresent };
}

/** A match of an earlier run. `was`: whether its place was in HEAD then. */
interface Carried {
  readonly one: ConfirmedMatch;
  readonly was: boolean;
}

/**
 * A version of a file that was in HEAD for a while and no longer is: kept only where no earlier place of the secret is
 * known. Else every edit of a file would leave a place behind.
 */
function dropPassing(carried: readonly Carried[], likeness: Likeness): ConfirmedMatch[] {
  const left = carried.filter(({ one, was }) => was && one.match.location.present !== true);
  const paths = new Set(left.map(({ one }) => one.match.location.path));
  const first = new Map<string, string>();
  for (const { one } of carried) {
    if (!paths.has(one.match.location.path)) continue;
    const key = likeness.inFile(one);
    const { date = '' } = one.match.location;
    const known = first.get(key);
    if (known === undefined || date < known) first.set(key, date);
  }
  const passes = ({ one, was }: Carried): boolean => {
    const { present, date = '' } = one.match.location;
    return was && present !== true && (first.get(likeness.inFile(one)) ?? '') < date;
  };
  return carried.filter((one) => !passes(one)).map(({ one }) => one);
}

/**
 * Matches in new objects. What is no more than a further version of a file with a known secret is left out, as by a
 * full scan.
 */
function newPlaces(
  matches: readonly ConfirmedMatch[],
  known: readonly ConfirmedMatch[],
  likeness: Likeness,
): ConfirmedMatch[] {
  const paths = new Set(matches.map((one) => one.match.location.path));
  const near = known.filter((one) => paths.has(one.match.location.path));
  const seen = new Set(near.map((one) => likeness.inFile(one)));
  return matches.filter((one) => {
    const { blob, present } = one.match.location;
    const key = likeness.inFile(one);
    const isCopy = seen.has(key);
    seen.add(key);
    return blob === undefined || present === true || !isCopy;
  });
}

/** Groups the matches that lie in objects, so that few objects have to be read to see every secret again. */
export function groupPlaces(
  matches: readonly ConfirmedMatch[],
  likeness: Likeness,
  remember: (one: ConfirmedMatch) => KnownMatch | undefined,
): PlaceGroup[] {
  const groups = new Map<number, ConfirmedMatch[]>();
  for (const one of matches) {
    if (objectOf(one.match.location) === '') continue;
    const key = likeness.of(one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else if (group.length < MOST_PLACES || one.match.location.present === true) group.push(one);
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
  remember: (one: ConfirmedMatch) => KnownMatch | undefined,
): PlaceGroup[] {
  let witness = group[0];
  let best = -1;
  for (const one of group) {
    const object = objectOf(one.match.location);
    const rank = chosen.has(object) ? Number.POSITIVE_INFINITY : (uses.get(object) ?? 0);
    if (rank > best) [witness, best] = [one, rank];
  }
  if (witness === undefined) return [];
  const { ruleId: rule, location: at } = witness.match;
  chosen.add(objectOf(at));
  const copies = group.filter((one) => one !== witness).map(({ match }) => match.location);
  const known = remember(witness);
  // In the order in which the next run sorts them.
  return [{ rule, at, copies: copies.sort(compareLocations), ...defined({ known }) }];
}

function placeKey(rule: string, location: Location): string {
  const { startLine, startColumn, decoded = [] } = location;
  return [objectOf(location), rule, startLine, startColumn, ...decoded].join('\n');
}

function isFresh({ blob, commit }: Location, fresh: ReadonlySet<string>): boolean {
  return fresh.has(blob ?? commit ?? '');
}
