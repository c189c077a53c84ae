import type { AllowEntry } from '../model/allowlist.ts';
import type { Suppression } from '../model/finding.ts';
import type { StaleEntry } from '../model/report.ts';
import { readInlineComment } from './inline.ts';
import {
  endOfDay,
  entryApplies,
  LegacyIndex,
  type Prepared,
  prepareEntry,
  type SuppressInput,
  suppressionOf,
} from './prepared-entry.ts';

export type { SuppressInput } from './prepared-entry.ts';

/** An entry is announced this many days before it expires. */
const WARN_DAYS = 14;
const DAY = 86_400_000;

/** What may accept a finding. */
export interface SuppressPolicy {
  readonly now: Date;
  /** False: comments in the scanned text do not count, so that a pull request cannot silence its own finding. */
  readonly inlineComments: boolean;
}

/** Decides which matches and posture findings are accepted, and remembers which entries were used. */
export class Suppressor {
  readonly #byFingerprint = new Map<string, Prepared[]>();
  readonly #legacy = new LegacyIndex();
  readonly #others: Prepared[] = [];
  readonly #all: Prepared[] = [];
  readonly #policy: SuppressPolicy;

  constructor(entries: readonly AllowEntry[], policy: SuppressPolicy) {
    this.#policy = policy;
    for (const entry of entries) this.#add(entry);
  }

  #add(entry: AllowEntry): void {
    const prepared = prepareEntry(entry, this.#all.length, this.#policy.now);
    this.#all.push(prepared);
    if (entry.fingerprint !== undefined) this.#index(entry.fingerprint, prepared);
    else if (!this.#legacy.add(prepared)) this.#others.push(prepared);
  }

  #index(fingerprint: string, prepared: Prepared): void {
    const entries = this.#byFingerprint.get(fingerprint);
    if (entries === undefined) this.#byFingerprint.set(fingerprint, [prepared]);
    else entries.push(prepared);
  }

  /** Returns why a match is accepted, or undefined. */
  match(input: SuppressInput): Suppression | undefined {
    const byId = this.id(input.findingId) ?? this.id(input.fingerprint);
    if (byId !== undefined || input.match.secret.isSealed) return byId ?? input.accepted;
    for (const prepared of this.#candidates(input)) {
      if (!entryApplies(prepared, input)) continue;
      prepared.used = true;
      if (!prepared.expired) return suppressionOf(prepared.entry);
    }
    if (!this.#policy.inlineComments) return undefined;
    const { path, startLine } = input.match.location;
    return readInlineComment(input.lineText, `${path}:${startLine}`);
  }

  /** Returns the entries without an id that could apply, in their order. */
  #candidates({ match }: SuppressInput): readonly Prepared[] {
    const legacy = this.#legacy.candidates(match);
    return legacy.length === 0 ? this.#others : [...this.#others, ...legacy].sort((a, b) => a.at - b.at);
  }

  /**
   * Returns why a finding id (or fingerprint) is accepted, or undefined. An expired entry accepts nothing, but counts
   * as used.
   */
  id(id: string): Suppression | undefined {
    let first: Prepared | undefined;
    for (const prepared of this.#byFingerprint.get(id) ?? []) {
      prepared.used = true;
      if (!prepared.expired) first ??= prepared;
    }
    return first && suppressionOf(first.entry);
  }

  /**
   * Returns the entries that have expired, soon will, or did nothing. Dates can be compared in any run. Only a run that
   * saw everything (`sawAll`) can say that an entry did nothing. That includes baseline entries whose finding is gone,
   * which is good news.
   */
  stale(sawAll: boolean): StaleEntry[] {
    const entries: StaleEntry[] = [];
    for (const prepared of this.#all) {
      const problem = this.#problemOf(prepared, sawAll);
      if (problem === undefined) continue;
      const { entry } = prepared;
      const suppression = suppressionOf(entry);
      const { source, reason } = suppression;
      entries.push({ source, entry: entry.fingerprint ?? reason, problem, suppression });
    }
    return entries;
  }

  /** Returns sentences about patterns that took too long and therefore accepted nothing. */
  slowPatterns(): string[] {
    const slow = this.#all.filter((entry) => [...entry.paths, ...entry.patterns].some((pattern) => pattern.isSlow));
    return slow.map(({ entry }) => `${entry.source}: a pattern of this entry takes too long and accepts nothing`);
  }

  #problemOf(prepared: Prepared, sawAll: boolean): StaleEntry['problem'] | undefined {
    if (prepared.expired) return 'expired';
    if (sawAll && !prepared.used) return 'unused';
    const { expires } = prepared.entry;
    if (expires === undefined) return undefined;
    return endOfDay(expires) - this.#policy.now.getTime() < WARN_DAYS * DAY ? 'expires-soon' : undefined;
  }
}
