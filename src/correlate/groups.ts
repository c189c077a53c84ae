import type { Exposure } from '../model/artifact.ts';
import type { Owner } from '../model/finding.ts';
import type { EdgeConfidence, IdentityId, JoinKey } from '../model/identity.ts';
import type { Json } from '../model/json.ts';
import { compareText, type Location } from '../model/location.ts';
import type { CheckResult, Confidence, Grade, Match } from '../model/match.ts';
import type { CompiledRule, RuleHead } from '../model/rule.ts';
import type { Secret } from '../model/secret.ts';
import { type KeyIndex, keyText } from './key-index.ts';
import { compareMatches, isGeneric } from './match-order.ts';
import { artifactKey, type RuledMatch, separateOverlaps } from './overlaps.ts';
import { summarisePlaces } from './places.ts';

/** All matches of one secret, and what is known of it without using it. */
export interface SecretGroup {
  readonly fingerprint: string;
  readonly secret: Secret;
  /** The rule that says most about the value. */
  readonly rule: CompiledRule;
  /** Other rules that matched the value or a part of it, sorted. */
  readonly alsoMatched: readonly string[];
  readonly matches: readonly Match[];
  readonly locations: readonly Location[];
  readonly grade: Grade;
  readonly confidence: Confidence;
  readonly facts: Readonly<Record<string, Json>>;
  readonly parts: Readonly<Record<string, string>>;
  readonly checks: readonly CheckResult[];
  /** Keys that the value or its match gives, and keys of identifiers that stand near (`nearby`). */
  readonly keys: readonly JoinKey[];
  readonly nearbyKeys: readonly JoinKey[];
  /** The principal that the secret opens. */
  readonly identityId?: IdentityId;
  /** The node that the secret opens directly, where that is a credential of the principal. */
  readonly credentialId?: IdentityId;
  readonly identityConfidence?: EdgeConfidence;
  /** Best source first. */
  readonly owners: readonly Owner[];
  readonly exposedAt?: string;
  readonly exposure: Exposure;
  /** Distinct repositories, plus distinct environments beyond the first. */
  readonly places: number;
  /** Names of repositories in lower case, a clone by its origin. */
  readonly repositories: readonly string[];
  readonly environments: readonly string[];
}

/** Matches of rules whose values are made to be published: never a finding, but they name identities. */
export interface Identifier {
  readonly match: Match;
  readonly rule: CompiledRule;
}

/** Groups, sorted by fingerprint, and the identifiers that were found beside them. */
export interface Grouped {
  readonly groups: readonly SecretGroup[];
  readonly identifiers: readonly Identifier[];
}

/** Lines between a secret and an identifier that is taken to belong to it. */
const NEAR_LINES = 5;
/** Identifiers looked at on each side of a secret: bounds a file that holds nothing but identifiers. */
const NEAR_MOST = 20;

/** Groups matches by secret. Throws when a match names a rule that is not loaded: that is a bug of the caller. */
export function groupMatches(
  matches: readonly Match[],
  rules: ReadonlyMap<string, RuleHead>,
  fingerprintKey: string,
  index: KeyIndex,
): Grouped {
  const secrets: RuledMatch[] = [];
  const identifiers: Identifier[] = [];
  for (const match of matches) {
    const rule = rules.get(match.ruleId)?.rule();
    if (rule === undefined) throw new Error(`a match names the rule ${match.ruleId}, which is not loaded`);
    if (rule.credential.public) identifiers.push({ match, rule });
    else secrets.push({ match, rule, fingerprint: match.secret.fingerprint(fingerprintKey) });
  }
  const { kept, absorbed } = separateOverlaps(secrets);
  const near = indexIdentifiers(identifiers);
  const groups = [...byFingerprint(kept).entries()].map(([fingerprint, list]) =>
    makeGroup(fingerprint, list, absorbed.get(fingerprint) ?? new Set(), near, index),
  );
  return { groups: groups.sort((a, b) => compareText(a.fingerprint, b.fingerprint)), identifiers };
}

function byFingerprint(all: readonly RuledMatch[]): ReadonlyMap<string, RuledMatch[]> {
  const groups = new Map<string, RuledMatch[]>();
  for (const ruled of all) {
    const group = groups.get(ruled.fingerprint);
    if (group === undefined) groups.set(ruled.fingerprint, [ruled]);
    else group.push(ruled);
  }
  return groups;
}

function makeGroup(
  fingerprint: string,
  list: readonly RuledMatch[],
  absorbed: ReadonlySet<string>,
  near: IdentifierIndex,
  index: KeyIndex,
): SecretGroup {
  const grade = gradeOf(list);
  const telling = list.filter((ruled) => ruled.match.grade === grade).sort(compareMatches);
  const rest = list.filter((ruled) => ruled.match.grade !== grade).sort(compareMatches);
  const sorted = [...telling, ...rest];
  const { match, rule } = sorted[0] as RuledMatch;
  const others = new Set([...sorted.map((ruled) => ruled.rule.id), ...absorbed]);
  others.delete(rule.id);
  const keys = uniqueKeys([...new Set(sorted.map((ruled) => ruled.match.keys))].flat());
  const nearby = nearbyKeys(sorted, near, new Set(keys.map((key) => key.kind)));
  const places = summarisePlaces(
    sorted.map((ruled) => ruled.match.location),
    index,
  );
  const environments = places.environments.length > 1 ? { environments: places.environments } : {};
  return {
    fingerprint,
    secret: match.secret,
    rule,
    alsoMatched: [...others].sort(compareText),
    matches: sorted.map((ruled) => ruled.match),
    ...places,
    grade,
    confidence: match.confidence,
    facts: { ...mergeFirst(sorted.map((ruled) => ruled.match.facts)), ...environments },
    parts: mergeFirst([...sorted.map((ruled) => ruled.match.parts), partsOf(nearby)]),
    checks: mergeChecks(sorted),
    keys,
    nearbyKeys: nearby,
    owners: [],
  };
}

/** A provider's rule proves more about a value than a variable's name does: where one looked, its word counts. */
function gradeOf(list: readonly RuledMatch[]): Grade {
  const specific = list.filter((ruled) => !isGeneric(ruled.rule));
  const judges = specific.length > 0 ? specific : list;
  return judges.some((ruled) => ruled.match.grade === 'secret') ? 'secret' : 'placeholder';
}

/** The first source of a key wins: the most telling match comes first. */
function mergeFirst<T>(records: readonly Readonly<Record<string, T>>[]): Readonly<Record<string, T>> {
  const merged = new Map<string, T>();
  // Places of one secret share what is known of it.
  for (const record of new Set(records)) {
    for (const [key, value] of Object.entries(record)) if (!merged.has(key)) merged.set(key, value);
  }
  return Object.fromEntries(merged);
}

function mergeChecks(sorted: readonly RuledMatch[]): readonly CheckResult[] {
  const byCheck = new Map<string, CheckResult>();
  for (const checks of new Set(sorted.map((ruled) => ruled.match.checks)))
    for (const result of checks) byCheck.set(result.check, byCheck.get(result.check) ?? result);
  return [...byCheck.values()];
}

function uniqueKeys(keys: readonly JoinKey[]): readonly JoinKey[] {
  const byText = new Map(keys.map((key) => [keyText(key), key]));
  return [...byText.entries()].sort((a, b) => compareText(a[0], b[0])).map((entry) => entry[1]);
}

function partsOf(keys: readonly JoinKey[]): Readonly<Record<string, string>> {
  return Object.fromEntries(keys.map((key) => [key.kind, key.value]));
}

/** Identifiers by artifact, sorted by line. */
type IdentifierIndex = ReadonlyMap<string, readonly Identifier[]>;

function indexIdentifiers(identifiers: readonly Identifier[]): IdentifierIndex {
  const index = new Map<string, Identifier[]>();
  for (const identifier of identifiers) {
    const key = artifactKey(identifier.match.location);
    const list = index.get(key);
    if (list === undefined) index.set(key, [identifier]);
    else list.push(identifier);
  }
  for (const list of index.values()) list.sort(compareMatches).sort((a, b) => lineOf(a) - lineOf(b));
  return index;
}

/** The nearest identifier of each key kind, of the secret's own provider, the one above before the one below. */
function nearbyKeys(
  list: readonly RuledMatch[],
  near: IdentifierIndex,
  ownKinds: ReadonlySet<string>,
): readonly JoinKey[] {
  if (near.size === 0) return [];
  const best = new Map<string, { readonly key: JoinKey; readonly distance: number }>();
  for (const { match, rule } of list) {
    for (const identifier of around(near.get(artifactKey(match.location)) ?? [], match.location.startLine)) {
      if (!isAbout(identifier, rule)) continue;
      const distance = distanceOf(lineOf(identifier), match.location);
      for (const key of identifier.match.keys) {
        if (ownKinds.has(key.kind) || distance >= (best.get(key.kind)?.distance ?? NEAR_LINES + 1)) continue;
        best.set(key.kind, { key, distance });
      }
    }
  }
  return uniqueKeys([...best.values()].map((candidate) => candidate.key));
}

/**
 * An identifier is about secrets of its own provider. A private key has no provider in its form, so that it may belong
 * to the app whose id stands beside it.
 */
function isAbout({ rule: naming, match }: Identifier, rule: CompiledRule): boolean {
  if (naming.provider === rule.provider) return true;
  return rule.credential.type === 'private_key' && match.keys.some(({ kind }) => kind === 'github-app-id');
}

function around(sorted: readonly Identifier[], line: number): readonly Identifier[] {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lineOf(sorted[middle] as Identifier) < line) low = middle + 1;
    else high = middle;
  }
  return sorted.slice(Math.max(0, low - NEAR_MOST), low + NEAR_MOST);
}

/** Lines between, with a half for "below" so that the identifier above wins. */
function distanceOf(line: number, place: Location): number {
  if (line < place.startLine) return place.startLine - line;
  return line > place.endLine ? line - place.endLine + 0.5 : 0;
}

function lineOf(identifier: Identifier): number {
  return identifier.match.location.startLine;
}
