import { createHash } from 'node:crypto';
import { defined } from '../lib/fields/defined.ts';
import { type BoundedPattern, compileBounded } from '../lib/linear/pattern.ts';
import { compileGlob } from '../lib/patterns/glob.ts';
import type { AllowEntry } from '../model/allowlist.ts';
import type { Suppression } from '../model/finding.ts';
import type { Match } from '../model/match.ts';
import type { StaleEntry } from '../model/report.ts';
import { readInlineComment } from './inline.ts';

/** How many days before its expiry an entry is announced. */
const WARN_DAYS = 14;
const DAY = 86_400_000;

/** One match as suppression sees it. */
export interface SuppressInput {
  readonly match: Match;
  /** Raw text of the line(s) the match stands on. */
  readonly lineText: string;
  /** Keyed fingerprint of the secret. */
  readonly fingerprint: string;
  /** Id of the finding the match belongs to. */
  readonly findingId: string;
}

/** What a suppression run may do. */
export interface SuppressPolicy {
  readonly now: Date;
  /** False: comments in the scanned text do not count (a pull request cannot silence its own finding). */
  readonly inlineComments: boolean;
}

interface Prepared {
  readonly entry: AllowEntry;
  readonly suppression: Suppression;
  readonly expired: boolean;
  readonly paths: readonly BoundedPattern[];
  readonly patterns: readonly BoundedPattern[];
  used: boolean;
}

/** Decides which matches and posture findings are accepted, and remembers which entries did something. */
export class Suppressor {
  readonly #byFingerprint = new Map<string, Prepared[]>();
  readonly #others: Prepared[] = [];
  readonly #all: Prepared[] = [];
  readonly #policy: SuppressPolicy;

  constructor(entries: readonly AllowEntry[], policy: SuppressPolicy) {
    this.#policy = policy;
    for (const entry of entries) this.#add(entry);
  }

  #add(entry: AllowEntry): void {
    const prepared = prepare(entry, this.#policy.now);
    this.#all.push(prepared);
    if (entry.fingerprint === undefined) this.#others.push(prepared);
    else this.#index(entry.fingerprint, prepared);
  }

  #index(fingerprint: string, prepared: Prepared): void {
    const known = this.#byFingerprint.get(fingerprint);
    if (known === undefined) this.#byFingerprint.set(fingerprint, [prepared]);
    else known.push(prepared);
  }

  /** Why a match is accepted, or undefined. */
  match(input: SuppressInput): Suppression | undefined {
    const byId = this.id(input.findingId) ?? this.id(input.fingerprint);
    if (byId !== undefined) return byId;
    for (const prepared of this.#others) {
      if (!applies(prepared, input)) continue;
      prepared.used = true;
      if (!prepared.expired) return prepared.suppression;
    }
    if (!this.#policy.inlineComments) return undefined;
    const { path, startLine } = input.match.location;
    return readInlineComment(input.lineText, `${path}:${startLine}`);
  }

  /**
   * Why a finding id (or fingerprint) is accepted, or undefined. An expired entry accepts nothing, but counts as used.
   */
  id(id: string): Suppression | undefined {
    let found: Suppression | undefined;
    for (const prepared of this.#byFingerprint.get(id) ?? []) {
      prepared.used = true;
      if (!prepared.expired) found ??= prepared.suppression;
    }
    return found;
  }

  /**
   * Entries that have expired, that soon will, or that did nothing. A date needs no scan. That an entry does nothing
   * only a run can say that saw everything it could be about: `sawAll`. Baseline entries that are gone are good news,
   * and named too.
   */
  stale(sawAll: boolean): StaleEntry[] {
    const entries: StaleEntry[] = [];
    for (const prepared of this.#all) {
      const problem = this.#problemOf(prepared, sawAll);
      if (problem === undefined) continue;
      const { entry, suppression } = prepared;
      entries.push({ source: entry.source, entry: entry.fingerprint ?? entry.reason, problem, suppression });
    }
    return entries;
  }

  /** Sentences about patterns that took too long, and therefore accepted nothing. */
  slowPatterns(): string[] {
    const slow = this.#all.filter((one) => [...one.paths, ...one.patterns].some((pattern) => pattern.isSlow));
    return slow.map(({ entry }) => `${entry.source}: a pattern of this entry takes too long and accepts nothing`);
  }

  #problemOf(prepared: Prepared, sawAll: boolean): StaleEntry['problem'] | undefined {
    if (prepared.expired) return 'expired';
    if (sawAll && !prepared.used) return 'unused';
    const { expires } = prepared.entry;
    if (expires === undefined) return undefined;
    return endOf(expires) - this.#policy.now.getTime() < WARN_DAYS * DAY ? 'expires-soon' : undefined;
  }
}

function prepare(entry: AllowEntry, now: Date): Prepared {
  const { kind, reason, source, owner, expires } = entry;
  const optional = defined({ owner, expires });
  return {
    entry,
    suppression: { kind, reason, source, ...optional },
    expired: expires !== undefined && endOf(expires) < now.getTime(),
    paths: [...(entry.paths ?? []).map(compileBounded), ...(entry.globs ?? []).map(compileGlobPattern)],
    patterns: (entry.patterns ?? []).map(compileBounded),
    used: false,
  };
}

function compileGlobPattern(text: string): BoundedPattern {
  const glob = compileGlob(text);
  return { test: (path) => glob.matches(path), isSlow: false };
}

function endOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) + DAY - 1;
}

/** All parts that an entry has must hold; `anyPart` (gitleaks' default) needs one. The rule list always narrows. */
function applies(prepared: Prepared, input: SuppressInput): boolean {
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
  if (entry.legacy !== undefined) parts.push(isLegacy(entry.legacy, input));
  return parts;
}

function isLegacy(legacy: NonNullable<AllowEntry['legacy']>, input: SuppressInput): boolean {
  const { location, ruleId, secret } = input.match;
  if (legacy.form === 'detect-secrets') {
    return createHash('sha1').update(secret.reveal()).digest('hex') === legacy.value;
  }
  const place = `${location.path}:${ruleId}:${location.startLine}`;
  // gitleaks writes `commit:path:rule:line` for history; rule ids differ between tools, so the place alone decides.
  const [line = '', , path = ''] = legacy.value.split(':').reverse();
  return legacy.value === place || (path === location.path && line === String(location.startLine));
}
