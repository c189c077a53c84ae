import { createHash } from 'node:crypto';
import { defined } from '../lib/fields/defined.ts';
import { type BoundedPattern, compileBounded } from '../lib/linear/pattern.ts';
import { compileGlob } from '../lib/patterns/glob.ts';
import type { AllowEntry } from '../model/allowlist.ts';
import type { Suppression } from '../model/finding.ts';
import type { Match } from '../model/match.ts';

/** What decides whether a match is accepted. */
export interface SuppressInput {
  readonly match: Match;
  /** Raw text of the lines on which the match stands. */
  readonly lineText: string;
  /** Keyed fingerprint of the secret. */
  readonly fingerprint: string;
  /** Id of the finding to which the match belongs. */
  readonly findingId: string;
  /** What accepted it where it was found: a sealed secret has no value and no line to look at. */
  readonly accepted?: Suppression;
}

/** An entry with compiled patterns. An ignore file has hundreds of thousands of entries, so each one stores little. */
export interface Prepared {
  readonly entry: AllowEntry;
  /** Its position among all entries. If two apply, the first one decides. */
  readonly at: number;
  readonly expired: boolean;
  readonly paths: readonly BoundedPattern[];
  readonly patterns: readonly BoundedPattern[];
  used: boolean;
}

/** Shared by all entries without patterns. */
const NO_PATTERNS: readonly BoundedPattern[] = [];
const DAY = 86_400_000;

/** Compiles the patterns of an entry. `at` is its place among all entries. */
export function prepareEntry(entry: AllowEntry, at: number, now: Date): Prepared {
  const { expires, paths = [], globs = [], patterns = [] } = entry;
  return {
    entry,
    at,
    expired: expires !== undefined && endOfDay(expires) < now.getTime(),
    paths: paths.length + globs.length === 0 ? NO_PATTERNS : [...paths.map(compileBounded), ...globs.map(boundGlob)],
    patterns: patterns.length === 0 ? NO_PATTERNS : patterns.map(compileBounded),
    used: false,
  };
}

function boundGlob(text: string): BoundedPattern {
  const glob = compileGlob(text);
  return { test: (path) => glob.matches(path), isSlow: false };
}

/** The last millisecond of an ISO date in UTC, since 1970. */
export function endOfDay(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) + DAY - 1;
}

/** The reason that an accepted finding shows. */
export function suppressionOf({ kind, reason, source, owner, expires }: AllowEntry): Suppression {
  return { kind, reason, source, ...defined({ owner, expires }) };
}

/**
 * True if an entry accepts a match. All its parts must hold; with `anyPart` (gitleaks' default) one is enough. The list
 * of rules must hold in any case.
 */
export function entryApplies(prepared: Prepared, input: SuppressInput): boolean {
  const { entry } = prepared;
  if (entry.ruleIds !== undefined && !entry.ruleIds.includes(input.match.ruleId)) return false;
  const parts = partsOf(prepared, input);
  if (parts.length === 0) return entry.ruleIds !== undefined;
  return entry.anyPart === true ? parts.includes(true) : !parts.includes(false);
}

function partsOf(prepared: Prepared, input: SuppressInput): boolean[] {
  const { entry } = prepared;
  const { location, secret } = input.match;
  const parts: boolean[] = [];
  if (entry.commits !== undefined) parts.push(entry.commits.includes(location.commit ?? ''));
  if (prepared.paths.length > 0) parts.push(prepared.paths.some((pattern) => pattern.test(location.path)));
  if (prepared.patterns.length > 0) {
    const text = entry.target === undefined || entry.target === 'secret' ? secret.reveal() : input.lineText;
    parts.push(prepared.patterns.some((pattern) => pattern.test(text)));
  }
  if (entry.stopwords !== undefined) {
    const value = secret.reveal().toLowerCase();
    parts.push(entry.stopwords.some((word) => value.includes(word)));
  }
  if (entry.legacy !== undefined) parts.push(isLegacy(entry.legacy, input.match));
  return parts;
}

function isLegacy({ form, value, path: file }: NonNullable<AllowEntry['legacy']>, match: Match): boolean {
  const { path, startLine } = match.location;
  if (form === 'detect-secrets') return (file === undefined || file === path) && hashOf(match) === value;
  if (value === placeOf(match)) return true;
  const { path: listed, line } = readPlace(value);
  return listed === path && line === String(startLine);
}

/** detect-secrets knows a secret by the SHA-1 of its value. */
function hashOf(match: Match): string {
  return createHash('sha1').update(match.secret.reveal()).digest('hex');
}

function placeOf({ location, ruleId }: Match): string {
  return `${location.path}:${ruleId}:${location.startLine}`;
}

/**
 * gitleaks writes `path:rule:line`, or `commit:path:rule:line` for a history. Rule ids differ between the tools, so the
 * place alone decides.
 */
function readPlace(value: string): { readonly path: string; readonly line: string } {
  const [line = '', , path = ''] = value.split(':').reverse();
  return { path, line };
}

/** Finds the entries of other tools by key, so that a match is not compared with each of a hundred thousand. */
export class LegacyIndex {
  readonly #entries: Prepared[] = [];
  /** Made when the first match asks for it, because most runs have none. */
  #byKey: ReadonlyMap<string, readonly Prepared[]> | undefined;
  #hasHashes = false;

  /**
   * Returns false for an entry that is not defined by a hash or a place alone. The caller has to compare that one
   * itself.
   */
  add(prepared: Prepared): boolean {
    const { legacy, anyPart } = prepared.entry;
    if (legacy === undefined || anyPart === true) return false;
    if (legacy.form === 'detect-secrets') this.#hasHashes = true;
    this.#entries.push(prepared);
    return true;
  }

  /** Returns every entry that could apply to a match. Most of them do. */
  candidates(match: Match): readonly Prepared[] {
    if (this.#entries.length === 0) return [];
    this.#byKey ??= indexEntries(this.#entries);
    const { path, startLine } = match.location;
    const keys = new Set([keyOf(path, String(startLine)), placeKey(placeOf(match))]);
    if (this.#hasHashes) for (const file of ['', path]) keys.add(keyOf(file, hashOf(match)));
    const byKey = this.#byKey;
    return [...keys].flatMap((key) => byKey.get(key) ?? []);
  }
}

function indexEntries(entries: readonly Prepared[]): Map<string, Prepared[]> {
  const byKey = new Map<string, Prepared[]>();
  for (const prepared of entries) {
    const { form, value = '', path = '' } = prepared.entry.legacy ?? {};
    const key = form === 'detect-secrets' ? keyOf(path, value) : placeKey(value);
    const list = byKey.get(key);
    if (list === undefined) byKey.set(key, [prepared]);
    else list.push(prepared);
  }
  return byKey;
}

function placeKey(value: string): string {
  const { path, line } = readPlace(value);
  return keyOf(path, line);
}

/** `detail` is a line number or a hash. They cannot be confused: no line number has as many digits as a hash. */
function keyOf(path: string, detail: string): string {
  return `${path}\n${detail}`;
}
