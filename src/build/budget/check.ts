import { Counters, type RuleCounts } from '../../detect/fast/counters.ts';
import type { Pack } from '../../detect/fast/pack.ts';
import { createFastDetector } from '../../detect/fast.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { CompiledRule } from '../../model/rule.ts';
import { headOf } from '../../model/rule-head.ts';

/** What rules may cost, counts per megabyte of the budget corpus. */
interface Budget {
  /** Hits of the literals of one rule. Most are refused by a byte beside them, but all are listed. */
  readonly literalHits: number;
  /** Hits that are looked at; of a literal of several rules, an equal part. */
  readonly passedHits: number;
  /** Runs of its program and calls of its expression. */
  readonly patternRuns: number;
  /** Hits of all literals together, each counted once. */
  readonly allHits: number;
}

const MEGABYTE = 1e6;

export const BUDGET: Budget = { literalHits: 1600, passedHits: 600, patternRuns: 30, allHits: 8000 };

/**
 * Counts what rules cost on a corpus; returns one message for each rule that is over its budget, and one if all rules
 * together are.
 */
export async function checkBudget(
  rules: readonly CompiledRule[],
  pack: Pack,
  corpus: readonly Artifact[],
  budget = BUDGET,
): Promise<readonly string[]> {
  const counters = new Counters();
  const detector = await createFastDetector(rules.map(headOf), { pack, counters });
  for (const artifact of corpus) detector.scan(artifact);
  const megabytes = counters.bytes / MEGABYTE;
  const over = rules.flatMap((rule) => judgeRule(rule, counters.rowOf(rule.id), megabytes, budget));
  const hits = counters.hits / megabytes;
  if (hits > budget.allHits) {
    const figures = `${hits.toFixed(0)} literal hits per MB, limit ${budget.allHits}`;
    over.push(
      `all rules together: ${figures}; give the rules with the most hits rarer literals ("rule-costs corpus" lists them)`,
    );
  }
  return over;
}

function judgeRule(rule: CompiledRule, counts: RuleCounts, megabytes: number, budget: Budget): string[] {
  const over: string[] = [];
  const judge = (count: number, limit: number, what: string, advice: string): void => {
    const figure = count / megabytes;
    if (figure <= limit) return;
    const place = `${rule.source}: rule ${rule.id}`;
    over.push(`${place}: ${figure.toFixed(0)} ${what} per MB, limit ${limit}; ${advice}`);
  };
  const longer = 'write a longer fixed part into the pattern, or "literals" that are rarer';
  judge(counts.literalHits, budget.literalHits, 'literal hits', longer);
  const closed = `${longer}, or close the pattern's start with (?<![0-9A-Za-z])`;
  judge(counts.passedHits, budget.passedHits, 'literal hits that are looked at', closed);
  const strict = 'let the pattern ask for more bytes that are fixed or of a small set';
  judge(counts.regexCalls + counts.programRuns, budget.patternRuns, 'runs of the pattern', strict);
  return over;
}
