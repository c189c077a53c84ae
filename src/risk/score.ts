import { mergeFields } from '../lib/fields/merge-fields.ts';
import type { Score, ScoreFactor } from '../model/finding.ts';
import type { Severity } from '../model/match.ts';
import type { Factor, RiskSubject } from './contract.ts';

/** Version of the formula, the head of every vector. */
export const SCORE_SCHEME = 'NHI:1';

const MOST = 10;
const HEAVIEST = 1.4;

/**
 * `10 * product(weight ^ exponent)`, at most 10, one decimal. A geometric product, so that one very small factor
 * (revoked, placeholder) pulls the score down while nothing else saturates. The printed vector alone reproduces the
 * value.
 */
export function scoreSubject(subject: RiskSubject, factors: readonly Factor[]): Score {
  const ordered = isOrdered(factors) ? factors : [...factors].sort((a, b) => a.order - b.order);
  const parts = ordered.map((factor) => ({ factor, part: tidy(factor.evaluate(subject)) }));
  const total = (pick: (part: ScoreFactor) => number): number => {
    let value = MOST;
    for (const { factor, part } of parts) value *= pick(part) ** factor.exponent;
    return roundScore(Math.min(MOST, value));
  };
  return {
    value: total((part) => part.weight),
    range: [total((part) => part.best), total((part) => part.worst)],
    vector: [SCORE_SCHEME, ...parts.map(({ part }) => renderPart(part))].join('/'),
    factors: parts.map(({ part }) => part),
  };
}

/**
 * The severity of every finding: the band of its score, so that a line never contradicts itself. Bands of GitHub's
 * security severity: 9 critical, 7 high, 4 medium, above 0 low.
 */
export function severityOf(score: number): Severity {
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  if (score >= 4) return 'medium';
  return score > 0 ? 'low' : 'none';
}

/** A weight as the vector prints it: at most two decimals, no leading zero. */
export function formatWeight(weight: number): string {
  const text = String(round(weight, 2));
  return text.startsWith('0.') ? text.slice(1) : text;
}

function renderPart(part: ScoreFactor): string {
  return `${part.id}:${part.code}=${formatWeight(part.weight)}`;
}

/** Weights are kept as printed, finite and in order, so that a wrong factor cannot make the score lie or vanish. */
function tidy(part: ScoreFactor): ScoreFactor {
  const weight = bound(part.weight);
  const [best, worst] = [Math.min(weight, bound(part.best)), Math.max(weight, bound(part.worst))];
  if (weight === part.weight && best === part.best && worst === part.worst) return part;
  return mergeFields(part, { weight, best, worst });
}

function isOrdered(factors: readonly Factor[]): boolean {
  return factors.every(({ order }, index) => order >= (factors[index - 1]?.order ?? Number.NEGATIVE_INFINITY));
}

function bound(weight: number): number {
  if (Number.isNaN(weight)) return 0;
  return round(Math.min(HEAVIEST, Math.max(0, weight)), 2);
}

/** A score as it is printed: one decimal. */
export function roundScore(value: number): number {
  return round(value, 1);
}

function round(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  // The nudge makes 1.005 * 100 round as people expect; weights and scores have few decimals.
  return Math.round(value * scale + 1e-9) / scale;
}
