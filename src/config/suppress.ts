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

/** How many days before its expiry an entry is announced. */
const WARN_DAYS = 14;
const DAY = 86_400_000;

/** What a suppression run may do. */
export interface SuppressPolicy {
  readonly now: Date;
  /** False: comments in the scanned text do not count (a pull request cannot silence its own finding). */
  readonly inlineComments: boolean;
}

/** Decides which matches and posture findings are accepted, and remembers which entries did something. */
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

  /** Why a match is accepted, or undefined. */
  match(input: SuppressInput): Suppression | undefined {
    const byId = this.id(input.findingId) ?? this.id(input.fingerprint);
    if (byId !== undefined) return byId;
    for (const prepared of this.#candidates(input)) {
      if (!entryApplies(prepared, input)) continue;
      prepared.used = true;
      if (!prepared.expired) return suppressionOf(prepared.entry);
    }
    if (!this.#policy.inlineComments) return undefined;
    const { path, startLine } = input.match.location;
    return readInlineComment(input.lineText, `${path}:${startLine}`);
  }

  /** Entries without an id that could apply, in their order. */
  #candidates({ match }: SuppressInput): readonly Prepared[] {
    const legacy = this.#legacy.candidates(match);
    return legacy.length === 0 ? this.#others : [...this.#others, ...legacy].sort((a, b) => a.at - b.at);
  }

  /**
   * Why a finding id (or fingerprint) is accepted, or undefined. An expired entry accepts nothing, but counts as used.
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
   * Entries that have expired, that soon will, or that did nothing. A date needs no scan. That an entry does nothing
   * only a run can say that saw everything it could be about: `sawAll`. Baseline entries that are gone are good news,
   * and named too.
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

  /** Sentences about patterns that took too long, and therefore accepted nothing. */
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
