import type { Location } from '../model/location.ts';
import type { Match } from '../model/match.ts';
import type { CompiledRule } from '../model/rule.ts';
import { compareMatches } from './match-order.ts';

/** A match with its rule and the fingerprint of its secret. */
export interface RuledMatch {
  readonly match: Match;
  readonly rule: CompiledRule;
  readonly fingerprint: string;
}

/**
 * Matches that stay, and the ids of the rules whose weaker match lay inside or around a stronger one, by fingerprint.
 */
export interface Separated {
  readonly kept: readonly RuledMatch[];
  readonly absorbed: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Two rules may take different parts of one text for the secret: the whole connection string, and the password in it.
 * The weaker match is not a second secret: it is dropped and its rule named. A placeholder never takes a real secret's
 * place, and neither does a match that is dropped itself: what only that one holds would be shown nowhere.
 */
export function separateOverlaps(all: readonly RuledMatch[]): Separated {
  const groups = new Map<string, RuledMatch[]>();
  for (const ruled of all) {
    const key = artifactKey(ruled.match.location);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [ruled]);
    else group.push(ruled);
  }
  const losers = new Map<RuledMatch, RuledMatch>();
  for (const group of groups.values()) findLosers(group, losers);
  return { kept: all.filter((ruled) => !losers.has(ruled)), absorbed: nameLosers(losers) };
}

/** Text that is the same for places in the same artifact. */
export function artifactKey(place: Location): string {
  const { collector, repository = '', path, part = '', commit = '', blob = '' } = place;
  return `${collector}\n${repository}\n${path}\n${part}\n${commit}\n${blob}`;
}

/** Strongest first, so that whoever may drop a match was itself kept or dropped before. */
function findLosers(group: RuledMatch[], losers: Map<RuledMatch, RuledMatch>): void {
  const contested = [...findRivals(group)].sort(([a], [b]) => compareMatches(a, b));
  for (const [ruled, rivals] of contested) {
    const [winner] = rivals.filter((rival) => !losers.has(rival)).sort(compareMatches);
    if (winner !== undefined) losers.set(ruled, winner);
  }
}

/** The stronger matches inside or around a match, of those that have any. */
type Rivals = Map<RuledMatch, RuledMatch[]>;

/** Sweeps over the matches by start; `open` holds those that have not ended, at most one per rule and text. */
function findRivals(group: RuledMatch[]): Rivals {
  const rivals: Rivals = new Map();
  const sorted = group.sort((a, b) => compareStart(a.match.location, b.match.location));
  let open: RuledMatch[] = [];
  for (const ruled of sorted) {
    open = open.filter((other) => endsAfterStart(other.match.location, ruled.match.location));
    for (const other of open) contest(ruled, other, rivals);
    open.push(ruled);
  }
  return rivals;
}

function contest(a: RuledMatch, b: RuledMatch, rivals: Rivals): void {
  if (a.fingerprint === b.fingerprint || a.match.grade !== b.match.grade) return;
  if (!comparable(a.match.location, b.match.location)) return;
  const order = compareMatches(a, b);
  if (order === 0) return;
  const [winner, loser] = order < 0 ? [a, b] : [b, a];
  const known = rivals.get(loser);
  if (known === undefined) rivals.set(loser, [winner]);
  else known.push(winner);
}

/** One contains the other. Values decoded out of one span share its place without being parts of each other. */
function comparable(a: Location, b: Location): boolean {
  if ((a.decoded?.length ?? 0) > 0 && (b.decoded?.length ?? 0) > 0) return false;
  return contains(a, b) || contains(b, a);
}

function contains(outer: Location, inner: Location): boolean {
  return compareStart(outer, inner) <= 0 && compareEnd(outer, inner) >= 0;
}

function compareStart(a: Location, b: Location): number {
  return a.startLine - b.startLine || a.startColumn - b.startColumn;
}

function compareEnd(a: Location, b: Location): number {
  return a.endLine - b.endLine || a.endColumn - b.endColumn;
}

function endsAfterStart(a: Location, b: Location): boolean {
  return a.endLine > b.startLine || (a.endLine === b.startLine && a.endColumn > b.startColumn);
}

/** Ids of the rules of dropped matches, by the fingerprint of what dropped them. */
function nameLosers(losers: ReadonlyMap<RuledMatch, RuledMatch>): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>();
  for (const [loser, winner] of losers) {
    const set = names.get(winner.fingerprint) ?? new Set<string>();
    names.set(winner.fingerprint, set.add(loser.rule.id));
  }
  return names;
}
