import { DEFAULT_THRESHOLDS } from '../../../src/model/thresholds.ts';
import { evaluatePosture } from '../../../src/posture/evaluate.ts';
import { operators } from '../../../src/posture/operators/index.generated.ts';
import { builtIn } from '../../rules/built-in.ts';
import type { Declared } from '../declared.ts';

/** Names of the identities that a built-in posture rule fails for, in order. */
export function firing({ identities }: Declared, ruleId: string): string[] {
  const rules = builtIn.posture.filter(({ id }) => id === ruleId);
  if (rules.length !== 1) throw new Error(`no posture rule ${ruleId}`);
  const context = { now: new Date('2026-11-01T00:00:00Z'), thresholds: DEFAULT_THRESHOLDS };
  const { failures } = evaluatePosture(rules, identities, operators, context);
  return failures.map(({ identity }) => identity.name).sort();
}
