import type { CollectContext } from '../../../collectors/contract.ts';
import type { ConfirmedMatch } from '../../../detect/confirm.ts';
import { mergeFields } from '../../../lib/fields/merge-fields.ts';
import { Secret } from '../../../model/secret.ts';
import type { StageSetup } from '../../plan/contract.ts';
import type { Examined, Outcome } from '../examine.ts';
import type { SharedCatalogue } from './shared-catalogue.ts';

/** What a thread is made with. */
export interface ThreadSetup extends Omit<StageSetup, 'catalogue'> {
  readonly catalogue: SharedCatalogue;
  readonly cwd: string;
}

/** The same, and whether the first work brings artifacts: then the rules are read before it comes. */
export interface ThreadData {
  readonly setup: ThreadSetup;
  readonly artifacts: boolean;
}

/** Work that a thread helps with. */
export interface Job {
  readonly job: number;
  /** Id of the collector that opens `shared`. */
  readonly collector: string;
  readonly options: CollectContext['options'];
  readonly shared: unknown;
  readonly parts: number;
  /** Whether parts bring artifacts: else no rules are needed. */
  readonly artifacts: boolean;
  /** One number in shared memory: the next part that nobody has taken. */
  readonly next: Int32Array;
}

/** What a thread sends: results of parts, and that no part remains. */
export type ThreadMessage =
  | { readonly kind: 'parts'; readonly job: number; readonly results: readonly PartResult[] }
  | { readonly kind: 'idle'; readonly job: number };

/** Everything that a part gave, in its order. */
export interface PartResult {
  readonly part: number;
  readonly outcomes: readonly PackedOutcome[];
}

/** A match as it travels between threads of this process: a `Secret` would lose its value on the way. */
interface PackedMatch {
  readonly confirmed: Omit<ConfirmedMatch, 'match'>;
  readonly match: Omit<ConfirmedMatch['match'], 'secret'>;
  readonly value: string;
}

type PackedOutcome =
  | Exclude<Outcome, Examined>
  | (Omit<Examined, 'matches'> & { readonly packed: readonly PackedMatch[] });

/** Makes outcomes fit for another thread. What was only scanned becomes a count. */
export function packOutcomes(outcomes: readonly Outcome[]): PackedOutcome[] {
  const packed: PackedOutcome[] = [];
  for (const outcome of outcomes) {
    const last = packed.at(-1);
    if (outcome.kind !== 'examined') packed.push(outcome);
    else if (!isPlain(outcome)) packed.push(packExamined(outcome));
    else if (last?.kind === 'done' && last.scope === outcome.scope) {
      packed[packed.length - 1] = mergeFields(last, { count: last.count + 1, bytes: last.bytes + outcome.bytes });
    } else packed.push({ kind: 'done', scope: outcome.scope, count: 1, bytes: outcome.bytes });
  }
  return packed;
}

function isPlain({ binary, matches, gaps, kept }: Examined): boolean {
  return !binary && matches.length === 0 && gaps.length === 0 && kept === undefined;
}

function packExamined({ matches, ...examined }: Examined): PackedOutcome {
  return mergeFields(examined, { packed: matches.map(packMatch) });
}

function packMatch({ match, ...confirmed }: ConfirmedMatch): PackedMatch {
  const { secret, ...rest } = match;
  return { confirmed, match: rest, value: secret.reveal() };
}

/** Makes outcomes of what another thread sent. */
export function unpackOutcomes(packed: readonly PackedOutcome[]): Outcome[] {
  return packed.map((outcome) => {
    if (!('packed' in outcome)) return outcome;
    const { packed: matches, ...examined } = outcome;
    return mergeFields(examined, { matches: matches.map(unpackMatch) });
  });
}

function unpackMatch({ confirmed, match, value }: PackedMatch): ConfirmedMatch {
  return mergeFields(confirmed, { match: mergeFields(match, { secret: new Secret(value) }) });
}

/** Buffers of outcomes that can be moved to another thread instead of copied: those that hold nothing else. */
export function buffersOf(outcomes: readonly Outcome[]): ArrayBuffer[] {
  return outcomes.flatMap((outcome) => {
    const file = outcome.kind === 'examined' ? outcome.kept : undefined;
    if (file === undefined) return [];
    return [file.bytes, ...Object.values(file.shorter ?? {})].flatMap(({ buffer, byteLength }) => {
      return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
    });
  });
}
