import type { CredentialReader, Join, JoinOutput } from '../../correlate/contract.ts';
import { defined } from '../../lib/fields/defined.ts';
import { gapOfBug } from '../../model/bug-gap.ts';
import type { ScoreFactor } from '../../model/finding.ts';
import type { Coverage, Gap } from '../../model/gap.ts';
import type { Factor } from '../../risk/contract.ts';

/** Plug-ins of judging that do not throw, and what is to be said about those that did. */
export interface Guard {
  joins(joins: readonly Join[]): Join[];
  readers(readers: readonly CredentialReader[]): CredentialReader[];
  factors(factors: readonly Factor[]): Factor[];
  /** A posture rule that threw on an identity. */
  onPostureFailure(ruleId: string, error: unknown): void;
  /** What a limit kept from being joined. */
  onLimit(gap: Gap): void;
  /** Lines for the ledger: one for all that failed or was cut, none where all went well. */
  coverage(target: string): Coverage[];
}

/** Line of the ledger for what judging could not tell. */
const SCOPE = 'joins and scores';
/** What the plug-ins look at: nobody knows which part of it they stumbled over. */
const SUBJECT = 'what was found';

/** Makes a guard for one run. Each plug-in is named once, however often it throws. */
export function createGuard(): Guard {
  const gaps = new Map<string, Gap>();
  const note = (kind: string, id: string, error: unknown): void => {
    const gap = gapOfBug(kind, id, SUBJECT, error);
    gaps.set(`${kind} ${id}`, gap);
  };
  return {
    joins: (joins) => joins.map((join) => guardJoin(join, (error) => note('join', join.id, error))),
    readers: (readers) =>
      readers.map((reader) => guardReader(reader, (error) => note('credential reader', reader.id, error))),
    factors: (factors) => factors.map((factor) => guardFactor(factor, (error) => note('factor', factor.id, error))),
    onPostureFailure: (ruleId, error) => note('posture rule', ruleId, error),
    onLimit: (gap) => gaps.set(`limit ${gap.subject}`, gap),
    coverage: (target) => (gaps.size === 0 ? [] : [toLine(target, [...gaps.values()])]),
  };
}

function guardJoin(join: Join, onError: (error: unknown) => void): Join {
  const guarded = (input: Parameters<Join['join']>[0]): JoinOutput => {
    try {
      return join.join(input);
    } catch (error) {
      onError(error);
      return { edges: [], attributes: new Map() };
    }
  };
  const { id, title, resolves } = join;
  return { id, title, ...defined({ resolves }), join: guarded };
}

function guardReader(reader: CredentialReader, onError: (error: unknown) => void): CredentialReader {
  const { id, title } = reader;
  const read: CredentialReader['read'] = (secret) => {
    try {
      return reader.read(secret);
    } catch (error) {
      onError(error);
      return undefined;
    }
  };
  return { id, title, read };
}

function guardFactor(factor: Factor, onError: (error: unknown) => void): Factor {
  const { id, title, exponent, order } = factor;
  const evaluate: Factor['evaluate'] = (subject) => {
    try {
      return factor.evaluate(subject);
    } catch (error) {
      onError(error);
      return unknownFactor(factor);
    }
  };
  return { id, title, exponent, order, evaluate };
}

/** Nothing is known, so nothing is lowered: a score that is too high is looked at, one that is too low is not. */
function unknownFactor({ id, title }: Factor): ScoreFactor {
  const sentence = `${title}: not known, because the factor failed.`;
  return { id, code: 'failed', weight: 1, best: 0, worst: 1, sentence };
}

function toLine(target: string, gaps: readonly Gap[]): Coverage {
  const counts = { planned: gaps.length, scanned: 0, bytes: 0, skipped: {}, moreGaps: 0, facts: {} };
  return { collector: 'judge', target, scope: SCOPE, unit: 'parts', state: 'partial', gaps, ...counts };
}
