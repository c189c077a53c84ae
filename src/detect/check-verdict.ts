import type { Json } from '../model/json.ts';
import type { CheckResult, Confidence, Grade } from '../model/match.ts';

/** A check that threw. */
export interface CheckFailure {
  readonly check: string;
  readonly error: unknown;
}

/** What the checks said together. */
export interface CheckVerdict {
  readonly grade: Grade;
  readonly confidence: Confidence;
  readonly results: readonly CheckResult[];
  readonly facts: Readonly<Record<string, Json>>;
  readonly droppedBy?: string;
  /** Checks that threw, with the error: they said nothing. Absent: none did. */
  readonly failures?: readonly CheckFailure[];
}
