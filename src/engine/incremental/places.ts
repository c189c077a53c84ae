import type { Checkpoint } from '../../collectors/contract.ts';
import { readInlineComment } from '../../config/inline.ts';
import type { ConfirmedMatch } from '../../detect/confirm.ts';
import { type Location, objectOf } from '../../model/location.ts';
import { applyDifference, differenceOf, type PlaceGroup } from './state.ts';

/** Places of one secret under one path that are kept. */
const MOST_COPIES = 1_000;

/** Tells secrets apart: a keyed fingerprint. */
export type Fingerprint = (match: ConfirmedMatch['match']) => string;

/**
 * What a report must be told besides what was read now: takes matches that were read again and puts their copies beside
 * them. Gives undefined where a match is not where it was: then only a scan of everything can be right.
 */
export function restorePlaces(
  matches: readonly ConfirmedMatch[],
  groups: readonly PlaceGroup[],
  read: Pick<Checkpoint, 'again' | 'fresh'>,
  fingerprint: Fingerprint,
): ConfirmedMatch[] | undefined {
  const { again = new Set(), fresh = new Set() } = read;
  const found = new Map(matches.map((one) => [placeKey(one.match.ruleId, one.match.location), one]));
  const carried: Carried[] = [];
  for (const { rule, at, copies } of groups) {
    const witness = found.get(placeKey(rule, at));
    const places = copies.map((copy) => applyDifference(at, copy)).filter((place) => !isFresh(place, fresh));
    if (witness !== undefined) carried.push(...carry(witness, at, places, isFresh(at, fresh)));
    else if (places.length > 0 || !isFresh(at, fresh)) return undefined;
  }
  const isNew = ({ match }: ConfirmedMatch): boolean => !again.has(objectOf(match.location));
  const kept = dropPassing(carried, fingerprint);
  return [...kept, ...newPlaces(matches.filter(isNew), kept, fingerprint)];
}

/** A match of an earlier run. `was`: whether its place was in HEAD then. */
interface Carried {
  readonly one: ConfirmedMatch;
  readonly was: boolean;
}

function carry(witness: ConfirmedMatch, at: Location, copies: readonly Location[], isNew: boolean): Carried[] {
  const { match, lineText } = witness;
  const restored = copies.map((location) => ({ one: { lineText, match: { ...match, location } }, was: false }));
  return isNew ? restored : [{ one: witness, was: at.present === true }, ...restored];
}

/**
 * A version of a file that was in HEAD for a while and no longer is: kept only where no earlier place of the secret is known.
 * Else every edit of a file would leave a place behind.
 */
function dropPassing(carried: readonly Carried[], fingerprint: Fingerprint): ConfirmedMatch[] {
  const first = new Map<string, string>();
  for (const { one } of carried) {
    const key = groupKey(one, fingerprint);
    const { date = '' } = one.match.location;
    const known = first.get(key);
    if (known === undefined || date < known) first.set(key, date);
  }
  const passes = ({ one, was }: Carried): boolean => {
    const { present, date = '' } = one.match.location;
    return was && present !== true && (first.get(groupKey(one, fingerprint)) ?? '') < date;
  };
  return carried.filter((one) => !passes(one)).map(({ one }) => one);
}

/** Matches in new objects. What is no more than a further version of a file with a known secret is left out, as by a full scan. */
function newPlaces(
  matches: readonly ConfirmedMatch[],
  known: readonly ConfirmedMatch[],
  fingerprint: Fingerprint,
): ConfirmedMatch[] {
  const seen = new Set(known.map((one) => groupKey(one, fingerprint)));
  return matches.filter((one) => {
    const { blob, present } = one.match.location;
    const key = groupKey(one, fingerprint);
    const isCopy = seen.has(key);
    seen.add(key);
    return blob === undefined || present === true || !isCopy;
  });
}

/** Groups the matches that lie in objects. Few objects are read again: those of HEAD, and one for each secret and path. */
export function groupPlaces(matches: readonly ConfirmedMatch[], fingerprint: Fingerprint): PlaceGroup[] {
  const groups = new Map<string, ConfirmedMatch[]>();
  for (const one of matches) {
    if (objectOf(one.match.location) === '') continue;
    const key = groupKey(one, fingerprint);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else if (group.length <= MOST_COPIES || one.match.location.present === true) group.push(one);
  }
  const chosen = new Set<string>();
  const uses = countUses(groups.values());
  return [...groups.values()].flatMap((group) => splitGroup(group, chosen, uses));
}

function countUses(groups: Iterable<readonly ConfirmedMatch[]>): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  for (const group of groups) {
    const objects = new Set(group.map(({ match }) => objectOf(match.location)));
    for (const object of objects) uses.set(object, (uses.get(object) ?? 0) + 1);
  }
  return uses;
}

function splitGroup(
  group: readonly ConfirmedMatch[],
  chosen: Set<string>,
  uses: ReadonlyMap<string, number>,
): PlaceGroup[] {
  const rank = ({ match }: ConfirmedMatch): number => {
    const object = objectOf(match.location);
    if (match.location.present === true) return Number.POSITIVE_INFINITY;
    return chosen.has(object) ? Number.MAX_SAFE_INTEGER : (uses.get(object) ?? 0);
  };
  const [witness, ...others] = [...group].sort((a, b) => (rank(b) > rank(a) ? 1 : -Number(rank(a) > rank(b))));
  if (witness === undefined) return [];
  const { ruleId: rule, location: at } = witness.match;
  chosen.add(objectOf(at));
  const isPresent = ({ match }: ConfirmedMatch): boolean => match.location.present === true;
  const copies = others.filter((one) => !isPresent(one)).map(({ match }) => differenceOf(at, match.location));
  const present = others.filter(isPresent).map(({ match }) => ({ rule, at: match.location, copies: [] }));
  for (const place of present) chosen.add(objectOf(place.at));
  return [{ rule, at, copies }, ...present];
}

/** What two matches have in common of which one can stand for the other: all but the version of the file. */
function groupKey({ match, lineText }: ConfirmedMatch, fingerprint: Fingerprint): string {
  const { ruleId, grade, confidence, location } = match;
  const { path, part, repository, reachable, decoded } = location;
  const comment = readInlineComment(lineText, '')?.reason;
  const words = [ruleId, fingerprint(match), grade, confidence, path, part, repository, reachable, decoded, comment];
  return JSON.stringify(words);
}

function placeKey(rule: string, location: Location): string {
  const { startLine, startColumn, decoded = [] } = location;
  return [objectOf(location), rule, startLine, startColumn, ...decoded].join('\n');
}

function isFresh({ blob, commit }: Location, fresh: ReadonlySet<string>): boolean {
  return fresh.has(blob ?? commit ?? '');
}
