import type { Json } from '../model/json.ts';
import type { CheckResult, Confidence, Grade } from '../model/match.ts';

/** What the checks said together. */
export interface CheckVerdict {
  readonly grade: Grade;
  readonly confidence: Confidence;
  readonly results: readonly CheckResult[];
  readonly facts: Readonly<Record<string, Json>>;
  readonly droppedBy?: string;
}
