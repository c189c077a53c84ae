import { createHash } from 'node:crypto';
import type { CompiledRule } from '../../model/rule.ts';
import type { Automaton } from '../automaton/build.ts';

/**
 * What the fast engine keeps of its rules, besides the patterns: plain numbers, so that it can be written to a file.
 */
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
  /** Bits of chance that it takes to match random bytes (`analyse/chance.ts`). */
  readonly chance: number;
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
  /**
   * Gaps with a line end (runs of white space) that a match can hold; absent where a line end may stand among other
   * bytes.
   */
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

/** Columns of a row of `Pack.groups`. */
export const GROUP = {
  /** Least and greatest offset of the literal in the match. */
  least: 0,
  greatest: 1,
  /** Gate of all rules of the group, or -1. */
  gate: 2,
  firstAnchor: 3,
  endOfAnchors: 4,
  /** Number of the set that the bytes before the literal are of. */
  lead: 5,
  /** First byte in `Pack.sets` of the set that a match can begin with. */
  begins: 6,
} as const;
export const GROUP_COLUMNS = 7;

/** Columns of one of the up to three tests of a hit. They follow each other in a row of `Pack.hitTests`. */
export const HIT = {
  /** From the literal's start. */
  offset: 0,
  /** First byte in `Pack.sets` of the set; -1: no further test. */
  set: 1,
} as const;
export const HIT_TEST_COLUMNS = 2;
/** Three tests. */
export const HIT_COLUMNS = 6;

/** Columns of a row of `Pack.anchors`. */
export const ANCHOR = {
  rule: 0,
  firstTest: 1,
  endOfTests: 2,
  /** Run test, or -1. */
  run: 3,
} as const;
export const ANCHOR_COLUMNS = 4;

/** Columns of a row of `Pack.tests`. */
export const TEST = {
  /** From the literal's start. */
  offset: 0,
  count: 1,
  set: 2,
  /** 1: bytes outside the text pass. */
  isLenient: 3,
} as const;
export const TEST_COLUMNS = 4;

/**
 * Columns of a row of `Pack.runs`: a run of `count` bytes of a set stands between two offsets from the literal's start.
 */
export const RUN = { from: 0, to: 1, count: 2, set: 3 } as const;
export const RUN_COLUMNS = 4;

/** Columns of a row of `Pack.gates`. */
export const GATE = {
  /** First entry of its table in `Pack.gateTables`. */
  table: 0,
  /** First byte of its class map in `Pack.sets`. */
  classes: 1,
  /** Width of a row of the table, as a power of two. */
  shift: 2,
  /** Bytes that it reads at most. */
  length: 3,
} as const;
export const GATE_COLUMNS = 4;

/** Identifies what the analysis of a rule depends on. */
export function digestRule(rule: CompiledRule): string {
  const { id, pattern, ignoreCase, literals, context } = rule;
  const text = JSON.stringify([id, pattern, ignoreCase, literals, context ?? null]);
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}
