import type { DeclarationCollector } from '../../src/collectors/contract.ts';
import { DEFAULT_THRESHOLDS } from '../../src/model/thresholds.ts';
import { evaluatePosture } from '../../src/posture/evaluate.ts';
import { operators } from '../../src/posture/operators/index.generated.ts';
import { builtIn } from '../rules/built-in.ts';
import { declare } from './declared.ts';

/** The posture rules, sorted, that fail on what a collector reads in files. Joins add nothing to it. */
export async function failedRules(
  collector: DeclarationCollector,
  files: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const { identities } = await declare(collector, files);
  const context = { now: new Date('2026-11-01T00:00:00Z'), thresholds: DEFAULT_THRESHOLDS };
  const { failures } = evaluatePosture(builtIn.posture, identities, operators, context);
  return [...new Set(failures.map(({ rule }) => rule.id))].sort();
}
