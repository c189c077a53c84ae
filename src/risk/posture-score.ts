import type { Score, ScoreFactor } from '../model/finding.ts';
import type { Severity } from '../model/match.ts';
import type { Factor, RiskSubject } from './contract.ts';
import { formatWeight, roundScore, SCORE_SCHEME, scoreSubject } from './score.ts';

/** Scores that a posture finding can have: the band of what its rule declares, and the band on either side of it. */
const SPANS: Readonly<Record<Severity, readonly [least: number, most: number]>> = {
  critical: [7, 10],
  high: [4, 10],
  medium: [0.1, 8.9],
  low: [0.1, 6.9],
  none: [0, 0],
};

/**
 * The score of a posture finding. What the rule declares says how bad such a fact is in general and returns the span;
 * the risk of the identity, `scoreSubject`, says where in the span this one is. The severity is the band of the result,
 * as for every finding, so it is at most one band from what the rule declares.
 */
export function scorePosture(subject: RiskSubject, factors: readonly Factor[], declared: Severity): Score {
  return scoreFailure(scoreSubject(subject, factors), declared);
}

/** The same where the risk of the identity is known. */
export function scoreFailure(risk: Score, declared: Severity): Score {
  const [least, most] = SPANS[declared];
  const place = (value: number): number => roundScore(least + ((most - least) * value) / 10);
  const parts = risk.vector.split('/').slice(1);
  return {
    value: place(risk.value),
    range: [place(risk.range[0]), place(risk.range[1])],
    vector: [SCORE_SCHEME, `R:${declared}=${formatWeight(least)}-${formatWeight(most)}`, ...parts].join('/'),
    factors: [ruleFactor(declared, risk.value), ...risk.factors],
  };
}

function ruleFactor(declared: Severity, risk: number): ScoreFactor {
  const [least, most] = SPANS[declared];
  return {
    id: 'R',
    code: declared,
    weight: most / 10,
    best: least / 10,
    worst: most / 10,
    sentence: `The rule is ${declared}: from ${least} to ${most}, by the risk of the identity, which is ${risk.toFixed(1)}.`,
  };
}
