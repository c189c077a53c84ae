import { defineFactor, type RiskSubject } from '../contract.ts';
import { type Answer, questionsOf } from '../shared/lifecycle-questions.ts';

const FLOOR = 0.8;
const CAP = 1.4;

/**
 * L: how the credential is looked after. 1 plus the sum of penalties and credits that facts prove, from 0.8 to 1.4. A
 * question that nobody could answer adds nothing to the weight, but widens the range.
 */
export default defineFactor({
  id: 'L',
  title: 'lifecycle: age, expiry, use, owner, rotation',
  exponent: 1,
  order: 4,
  evaluate(subject: RiskSubject) {
    const answers = questionsOf(subject);
    const proven = answers.filter((answer) => answer.state === 'known' && answer.weight !== 0);
    const weightKnown = sum(proven.map((answer) => answer.weight));
    const open = answers.filter((answer) => answer.state === 'unknown');
    return {
      id: 'L',
      code: proven.length === 0 ? codeWithout(open) : proven.map((answer) => answer.code).join('+'),
      weight: bound(weightKnown),
      best: bound(weightKnown + sum(open.map((answer) => answer.best))),
      worst: bound(weightKnown + sum(open.map((answer) => answer.worst))),
      sentence: sentenceOf(proven, open),
    };
  },
});

function bound(penalties: number): number {
  return Math.min(CAP, Math.max(FLOOR, 1 + penalties));
}

function sum(weights: readonly number[]): number {
  let total = 0;
  for (const weight of weights) total += weight;
  return total;
}

function codeWithout(open: readonly Answer[]): string {
  return open.length > 0 ? 'unk' : 'ok';
}

function sentenceOf(proven: readonly Answer[], open: readonly Answer[]): string {
  if (proven.length > 0) return proven.map((answer) => answer.sentence).join(' ');
  return open.length > 0 ? 'Nothing is known of its lifecycle that raises the risk.' : 'Its lifecycle is in order.';
}
