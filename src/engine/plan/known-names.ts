import { checks } from '../../detect/checks/index.generated.ts';
import { operators } from '../../posture/operators/index.generated.ts';
import type { KnownNames } from '../../ruleset/known.ts';
import { verifiers } from '../../verifiers/index.generated.ts';

/** The plug-in names that rule files may use. */
export function knownNames(): KnownNames {
  return {
    checks: new Map(checks.map((check) => [check.id, Object.keys(check.options)])),
    operators: new Map(operators.map((operator) => [operator.id, (operand) => operator.checkOperand(operand)])),
    verifiers: verifiers.map((verifier) => verifier.id),
  };
}
