import { createHash } from 'node:crypto';
import type { CompiledRule } from '../../model/rule.ts';
import type { Automaton } from '../automaton/build.ts';

/** What the fast engine keeps of its rules, besides the patterns: plain numbers, so that it can be written to a file. */
export interface Pack {
  /** The rules by position; all rule numbers below are positions in this list. */
  readonly rules: readonly PackedRule[];
  readonly automaton: Automaton;
  /** Per literal of the automaton: its length in bytes, and where its groups begin (one entry more than literals). */
  readonly literalLengths: Uint8Array;
  readonly groupStarts: Uint32Array;
  /** Anchors of one literal at the same place in their matches: one row of `GROUP_COLUMNS` numbers per group. */
  readonly groups: Int32Array;
  /** One row of `ANCHOR_COLUMNS` numbers per anchor. */
  readonly anchors: Int32Array;
  /** One row of `TEST_COLUMNS` numbers per test. */
  readonly tests: Int32Array;
  /** One row of `RUN_COLUMNS` numbers per run test. */
  readonly runs: Int32Array;
  /** Byte sets, 256 bytes each. */
  readonly sets: Uint8Array;
  /** One row of `GATE_COLUMNS` numbers per gate. */
  readonly gates: Int32Array;
  /** The tables of all gates, one after the other. */
  readonly gateTables: Uint16Array;
  /** Reads the table of a gate, which is zero until then; absent: all are there. */
  readonly readGate?: (gate: number) => void;
  /** One row of `HIT_COLUMNS` numbers per literal. */
  readonly hitTests: Int32Array;
  /** The programs of all rules that have one (`analyse/program-codes.ts`), one after the other. */
  readonly programs: Uint16Array;
}

export type RuleMode = 'window' | 'whole' | 'always';

/** A rule in a pack. `digest` covers what analysis depends on: a changed rule is analysed again. */
export interface PackedRule {
  readonly id: string;
  readonly digest: string;
  readonly mode: RuleMode;
  /** Greatest length of a match, and the bytes around it that decide it. */
  readonly length: number;
  readonly before: number;
  readonly after: number;
  readonly complete: boolean;
  /** How far a literal may begin before the start of a match and end after it, bytes. */
  readonly hitBefore: number;
  readonly hitAfter: number;
  /** Numbers of the sets of bytes that a match may hold from each of `BODY_LEVELS` on. */
  readonly bodies: readonly number[];
  /** Gaps with a line end (runs of white space) that a match can hold; absent where a line end may stand among other bytes. */
  readonly lineGaps?: number;
  /** Number of its gate, or -1. */
  readonly gate: number;
  /** First entry of its program in `programs`; absent: its pattern runs as a regular expression. */
  readonly program?: number;
  /** Names of the groups of its program; absent: `secret` alone. */
  readonly groups?: readonly string[];
  /** Number of the set of bytes that a match of its program can begin with. */
  readonly begins?: number;
}

/**
 * Least and greatest offset of the literal in the match, gate of all rules of the group or -1, first anchor, end of anchors, number of the
 * set that the bytes before the literal are of, first byte in `sets` of the set that a match can begin with.
 */
export const GROUP_COLUMNS = 7;
/** Up to three tests of a hit: offset from the literal's start, first byte of the set in `sets`; no further test where that is -1. */
export const HIT_COLUMNS = 6;
/** Rule, first test, end of tests, run test or -1. */
export const ANCHOR_COLUMNS = 4;
/** Offset, count, set, 1 where bytes outside the text pass. */
export const TEST_COLUMNS = 4;
/** From, to, count, set. */
export const RUN_COLUMNS = 4;
/** First entry of its table, first byte of its class map in `sets`, width of a row as a power of two, bytes it reads at most. */
export const GATE_COLUMNS = 4;

/** Identifies what the analysis of a rule depends on. */
export function digestRule(rule: CompiledRule): string {
  const { id, pattern, ignoreCase, literals, context } = rule;
  const text = JSON.stringify([id, pattern, ignoreCase, literals, context ?? null]);
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}
