import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Identity, identityId } from '../../src/model/identity.ts';
import type { Condition } from '../../src/model/rule.ts';
import type { Truth } from '../../src/posture/contract.ts';
import { evaluateCondition } from '../../src/posture/evaluate.ts';
import isOperator from '../../src/posture/operators/is.ts';
import { tries } from '../property/runs.ts';

const OPERATORS = new Map([[isOperator.id, isOperator]]);
const CONTEXT = { now: new Date(0), thresholds: {} };
/** `yes` and `no` are known, `gone` is not. */
const IDENTITY: Identity = {
  id: identityId('x'),
  type: 'iam_role',
  provider: 'aws',
  name: 'x',
  attributes: { yes: { value: true, source: 't' }, no: { value: false, source: 't' } },
  keys: [],
  grants: [],
  evidence: [],
};

const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('yes', 'no', 'gone').map((attribute) => ({ attribute, operator: 'is', operand: true })),
    fc.array(tie('condition'), { maxLength: 3 }).map((all) => ({ all })),
    fc.array(tie('condition'), { maxLength: 3 }).map((any) => ({ any })),
    tie('condition').map((not) => ({ not })),
  ),
}));

/** Kleene's logic as numbers: all is the least, any the most, not the mirror. */
function slowTruth(asked: Condition): number {
  if ('all' in asked) return Math.min(1, ...asked.all.map(slowTruth));
  if ('any' in asked) return Math.max(0, ...asked.any.map(slowTruth));
  if ('not' in asked) return 1 - slowTruth(asked.not);
  return { yes: 1, no: 0 }[asked.attribute] ?? 0.5;
}

it('conditions that stop early say what all of their parts say', () => {
  const truths: Readonly<Record<Truth, number>> = { true: 1, false: 0, unknown: 0.5 };
  fc.assert(
    fc.property(condition, (asked) => {
      expect(truths[evaluateCondition(asked, IDENTITY, OPERATORS, CONTEXT)]).toBe(slowTruth(asked));
    }),
    tries(300),
  );
});
