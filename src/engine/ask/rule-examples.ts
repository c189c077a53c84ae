import { checks } from '../../detect/checks/index.generated.ts';
import type { Check, CheckInput } from '../../detect/contract.ts';
import type { Json } from '../../model/json.ts';
import type { CheckResult, Grade } from '../../model/match.ts';
import type { CompiledRule, PostureRule, RuleCatalogue } from '../../model/rule.ts';
import { DEFAULT_THRESHOLDS } from '../../model/thresholds.ts';
import { checkPostureExamples } from '../../posture/check-examples.ts';
import { operators } from '../../posture/operators/index.generated.ts';
import { expandExample, matchPlainly, type PlainMatch } from '../../ruleset/examples.ts';

const LINE_BYTES = 512;

/** What became of one example of a rule. `problem` says what went wrong; it never holds a secret. */
export interface ExampleResult {
  readonly ruleId: string;
  readonly kind: 'match' | 'no-match' | 'fail' | 'pass' | 'not-assessed';
  /** Position in its list, from 1. */
  readonly number: number;
  readonly problem?: string;
}

/** A plain match after companions and checks. */
export interface JudgedMatch extends PlainMatch {
  readonly grade: Grade;
  readonly results: readonly CheckResult[];
  /** The check that dropped it, or `companion`. */
  readonly droppedBy?: string;
}

/** Tries every example of a detection rule with the plain reference matcher and the real checks. */
export function testDetectionRule(rule: CompiledRule, catalogue: RuleCatalogue, now: Date): readonly ExampleResult[] {
  const lists = [
    ['match', rule.examples.match],
    ['no-match', rule.examples.noMatch],
  ] as const;
  return lists.flatMap(([kind, examples]) =>
    examples.map((example, index) => {
      const result = { ruleId: rule.id, kind, number: index + 1 };
      try {
        const { text, secret, path } = expandExample(rule, kind, index, example);
        const judged = judgeText(rule, catalogue, text, path, now);
        const problem = kind === 'match' ? missing(judged, secret) : unwanted(judged);
        return problem === undefined ? result : { ...result, problem };
      } catch (error) {
        return { ...result, problem: error instanceof Error ? error.message : String(error) };
      }
    }),
  );
}

/** Tries every example of a posture rule with the real operators. */
export function testPostureRule(rule: PostureRule, now: Date): readonly ExampleResult[] {
  const none = { fail: [], pass: [], notAssessed: [] };
  const lists = [
    ['fail', 'fail'],
    ['pass', 'pass'],
    ['notAssessed', 'not-assessed'],
  ] as const;
  return lists.flatMap(([key, kind]) =>
    rule.examples[key].map((example, index) => {
      const single = { ...rule, examples: { ...none, [key]: [example] } };
      const [problem] = checkPostureExamples([single], operators, { now, thresholds: DEFAULT_THRESHOLDS });
      const result = { ruleId: rule.id, kind, number: index + 1 };
      return problem === undefined ? result : { ...result, problem: problem.replace(/^.*example \S+ /s, '') };
    }),
  );
}

/** What a rule reports in a text: plain matches, then required companions, then the checks. */
export function judgeText(
  rule: CompiledRule,
  catalogue: RuleCatalogue,
  text: string,
  path: string | undefined,
  now: Date,
): readonly JudgedMatch[] {
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  return matchPlainly(rule, text, path).map((match) => {
    const lonely = rule.companions.some(
      (companion) => companion.required && !hasCompanion(companion, catalogue, { bytes, text, path, match }),
    );
    if (lonely) return { ...match, grade: 'secret', results: [], droppedBy: 'companion' };
    return { ...match, ...runChecks(rule, match, bytes, path ?? '', now) };
  });
}

interface Surroundings {
  readonly bytes: string;
  readonly text: string;
  readonly path: string | undefined;
  readonly match: PlainMatch;
}

function hasCompanion(
  companion: CompiledRule['companions'][number],
  catalogue: RuleCatalogue,
  at: Surroundings,
): boolean {
  const rule = catalogue.detection.find((candidate) => candidate.id === companion.rule)?.rule();
  if (rule === undefined) return false;
  return matchPlainly(rule, at.text, at.path).some((other) => {
    const [first, second] = other.start < at.match.start ? [other, at.match] : [at.match, other];
    const lines = at.bytes.slice(first.end, second.start).split('\n').length - 1;
    return lines <= companion.withinLines;
  });
}

function runChecks(
  rule: CompiledRule,
  match: PlainMatch,
  bytes: string,
  path: string,
  now: Date,
): Pick<JudgedMatch, 'grade' | 'results' | 'droppedBy'> {
  const results: CheckResult[] = [];
  let grade: Grade = 'secret';
  for (const [check, options] of checksOf(rule)) {
    const outcome = check.evaluate({ ...surround(rule, match, bytes), path, options, now });
    results.push({ check: check.id, state: outcome.state, reason: 'reason' in outcome ? outcome.reason : '' });
    if (outcome.state === 'drop') return { grade, results, droppedBy: check.id };
    if (outcome.state === 'lower' && outcome.to === 'placeholder') grade = 'placeholder';
  }
  return { grade, results };
}

function checksOf(rule: CompiledRule): readonly (readonly [Check, Readonly<Record<string, Json>>])[] {
  const byId = new Map<string, Check>(checks.map((check) => [check.id, check]));
  const named = rule.checks.flatMap(({ check, options }) => {
    const definition = byId.get(check);
    return definition === undefined ? [] : [[definition, options] as const];
  });
  const taken = new Set(named.map(([check]) => check.id));
  const always = [...byId.values()].filter(
    (check) => check.applies === 'always' && !taken.has(check.id) && !rule.skipChecks.includes(check.id),
  );
  return [...named, ...always.map((check) => [check, {}] as const)];
}

function surround(
  rule: CompiledRule,
  match: PlainMatch,
  bytes: string,
): Pick<CheckInput, 'rule' | 'value' | 'parts' | 'before' | 'after'> {
  const secretEnd = match.secretStart + Buffer.byteLength(match.secret);
  const before = bytes.slice(Math.max(0, match.start - LINE_BYTES), match.secretStart);
  const after = bytes.slice(secretEnd, match.end + LINE_BYTES);
  return {
    rule,
    value: match.secret,
    parts: match.groups,
    before,
    after,
  };
}

function missing(judged: readonly JudgedMatch[], secret: string): string | undefined {
  const [match] = judged;
  if (match === undefined) return 'does not match';
  if (judged.length > 1) return `matches ${judged.length} times; it must match once`;
  if (match.secret !== secret) return 'matches, but reports another part of the text as the secret';
  if (match.droppedBy !== undefined) return `is dropped: ${lastReason(match) || match.droppedBy}`;
  return match.grade === 'placeholder' ? `is lowered to a placeholder: ${lowerReason(match)}` : undefined;
}

function unwanted(judged: readonly JudgedMatch[]): string | undefined {
  const reported = judged.filter((match) => match.droppedBy === undefined && match.grade === 'secret');
  return reported.length === 0 ? undefined : 'matches, and no check drops or lowers it';
}

function lastReason(match: JudgedMatch): string {
  return match.results.at(-1)?.reason ?? '';
}

function lowerReason(match: JudgedMatch): string {
  return match.results.find((result) => result.state === 'lower')?.reason ?? '';
}
