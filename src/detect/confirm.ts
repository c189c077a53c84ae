import { mergeFields } from '../lib/fields/merge-fields.ts';
import { type Artifact, type ByteRange, VERDICT_REACH } from '../model/artifact.ts';
import type { Suppression } from '../model/finding.ts';
import type { JoinKey } from '../model/identity.ts';
import type { Json } from '../model/json.ts';
import type { CheckResult, DroppedMatch, Grade, Match } from '../model/match.ts';
import type { CompiledRule } from '../model/rule.ts';
import { Secret } from '../model/secret.ts';
import type { CheckFailure, CheckVerdict } from './check-verdict.ts';
import { findCompanions } from './companions.ts';
import type { Candidate, Check, CheckInput, CheckOutcome } from './contract.ts';
import { createLocator, type Locator, Places } from './locate.ts';
import { Memory } from './shared/memory.ts';

/** A match and the raw text of its line(s), for suppression comments. */
export interface ConfirmedMatch {
  readonly match: Match;
  readonly lineText: string;
  /** What accepted it where it was found. Only of a sealed secret, whose line is not here. */
  readonly accepted?: Suppression;
}

/** What confirming needs beside the artifact. */
export interface ConfirmOptions {
  readonly checks: readonly Check[];
  readonly now: Date;
  /** True: return dropped matches as well. Locating them costs time. */
  readonly keepDropped?: boolean;
  /** Rules whose candidates are confirmed; those of others can still complete them. Absent: all. */
  readonly isWanted?: (rule: CompiledRule) => boolean;
}

/** Confirmed matches, and dropped ones with the reason if the caller asked for them. */
export interface Confirmed {
  readonly matches: ConfirmedMatch[];
  readonly dropped: DroppedMatch[];
  /** Checks that threw. Their matches stay: better one too many. */
  readonly failures: CheckFailure[];
}

/** Confirms the candidates of one artifact. */
export type Confirmer = (artifact: Artifact, candidates: readonly Candidate[]) => Confirmed;

/** A check and what the rule file sets for it. */
interface PlannedCheck {
  readonly check: Check;
  readonly options: CheckInput['options'];
  /** Outcomes by value. */
  readonly outcomes: Memory<CheckOutcome>;
}

/** Caches of one run. */
interface Knowledge {
  planOf(rule: CompiledRule): readonly PlannedCheck[];
  /** Verdicts by everything that checks see. Versions of a file repeat it. */
  readonly verdicts: Memory<CheckVerdict>;
  readonly places: Places;
}

/** Makes a confirmer for a whole run. The checks of each rule are looked up once. */
export function createConfirmer(options: ConfirmOptions): Confirmer {
  const byId = new Map(options.checks.map((check) => [check.id, check]));
  const always = options.checks.filter((check) => check.applies === 'always');
  const plans = new Map<CompiledRule, readonly PlannedCheck[]>();
  const planOf = (rule: CompiledRule): readonly PlannedCheck[] => {
    const plan = plans.get(rule) ?? planChecks(rule, always, byId);
    plans.set(rule, plan);
    return plan;
  };
  const knowledge = { planOf, verdicts: new Memory<CheckVerdict>(), places: new Places() };
  return (artifact, candidates) => confirmAll(artifact, candidates, options, knowledge);
}

/** Runs the checks over candidates, once. */
export function confirmCandidates(
  artifact: Artifact,
  candidates: readonly Candidate[],
  options: ConfirmOptions,
): Confirmed {
  return createConfirmer(options)(artifact, candidates);
}

function planChecks(rule: CompiledRule, always: readonly Check[], byId: ReadonlyMap<string, Check>): PlannedCheck[] {
  const plan: PlannedCheck[] = [];
  for (const check of always) if (!rule.skipChecks.includes(check.id)) plan.push(planCheck(check, {}));
  for (const { check, options } of rule.checks) {
    const definition = byId.get(check);
    if (definition !== undefined) plan.push(planCheck(definition, options));
  }
  return plan;
}

function planCheck(check: Check, options: CheckInput['options']): PlannedCheck {
  return { check, options, outcomes: new Memory() };
}

/** Values are wrapped in `Secret` here and never leave it again. */
function confirmAll(
  artifact: Artifact,
  candidates: readonly Candidate[],
  { now, keepDropped, isWanted }: ConfirmOptions,
  knowledge: Knowledge,
): Confirmed {
  const confirmed: Confirmed = { matches: [], dropped: [], failures: [] };
  const locator = createLocator(artifact, knowledge.places);
  for (const [index, candidate] of candidates.entries()) {
    if (isWanted?.(candidate.rule) === false) continue;
    const companions = findCompanions(artifact, candidates, index);
    const input = readInput(artifact, candidate, { path: locator.path, now }, companions.parts);
    const verdict = companions.missing ?? judgeOnce(candidate.rule, input, knowledge);
    if (verdict.failures !== undefined) confirmed.failures.push(...verdict.failures);
    if (verdict.droppedBy !== undefined && keepDropped !== true) continue;
    const match = toMatch(candidate, input, verdict, locator);
    if (verdict.droppedBy !== undefined) confirmed.dropped.push(mergeFields(match, { droppedBy: verdict.droppedBy }));
    else confirmed.matches.push({ match, lineText: locator.lineText(candidate.match) });
  }
  return confirmed;
}

function readInput(
  artifact: Artifact,
  candidate: Candidate,
  known: Pick<CheckInput, 'path' | 'now'>,
  companions: Readonly<Record<string, string>>,
): Omit<CheckInput, 'options'> {
  const { rule, match, secret, groups } = candidate;
  const { bytes } = artifact;
  const parts: Record<string, string> = { ...companions };
  for (const [name, range] of Object.entries(groups)) parts[name] = readText(bytes, range, 'utf8');
  return {
    rule,
    value: readText(bytes, secret, 'utf8'),
    parts,
    before: readText(bytes, { start: Math.max(0, match.start - VERDICT_REACH), end: secret.start }, 'latin1'),
    after: readText(bytes, { start: secret.end, end: Math.min(bytes.length, match.end + VERDICT_REACH) }, 'latin1'),
    ...known,
  };
}

function readText(bytes: Uint8Array, range: ByteRange, encoding: 'utf8' | 'latin1'): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + range.start, range.end - range.start).toString(encoding);
}

function judgeOnce(rule: CompiledRule, input: Omit<CheckInput, 'options'>, knowledge: Knowledge): CheckVerdict {
  const { value, parts, before, after, path } = input;
  const key = keyOf([rule.id, path, value, before, after, ...Object.entries(parts).flat()]);
  return knowledge.verdicts.get(key, () => judge(rule, input, knowledge.planOf(rule)));
}

function judge(rule: CompiledRule, input: Omit<CheckInput, 'options'>, plan: readonly PlannedCheck[]): CheckVerdict {
  const results: CheckResult[] = [];
  const facts: Record<string, Json> = {};
  const failures: CheckFailure[] = [];
  let grade: Grade = 'secret';
  let { confidence } = rule;
  const conclude = (verdict: CheckVerdict): CheckVerdict =>
    failures.length === 0 ? verdict : mergeFields(verdict, { failures });
  for (const planned of plan) {
    const { check } = planned;
    const outcome = evaluateGuarded(planned, input, failures);
    results.push({ check: check.id, state: outcome.state, reason: 'reason' in outcome ? outcome.reason : '' });
    if ('facts' in outcome) Object.assign(facts, outcome.facts);
    if (outcome.state === 'drop') return conclude({ grade, confidence, results, facts, droppedBy: check.id });
    if (outcome.state === 'lower' && outcome.to === 'placeholder') grade = 'placeholder';
    else if (outcome.state === 'lower') confidence = 'low';
  }
  return conclude({ grade, confidence, results, facts });
}

/** A check that fails on a value says nothing about it, and the match stays: better one too many. */
function evaluateGuarded(
  planned: PlannedCheck,
  input: Omit<CheckInput, 'options'>,
  failures: CheckFailure[],
): CheckOutcome {
  try {
    return evaluate(planned, input);
  } catch (error) {
    failures.push({ check: planned.check.id, error });
    return { state: 'not-applicable' };
  }
}

function evaluate({ check, options, outcomes }: PlannedCheck, input: Omit<CheckInput, 'options'>): CheckOutcome {
  if (check.reads !== 'value') return check.evaluate(mergeFields(input, { options }));
  const { rule, value, parts, now } = input;
  const key = keyOf([value, ...Object.entries(parts).flat()]);
  return outcomes.get(key, () => check.evaluate({ rule, value, parts, now, options }));
}

/** The texts with the end of each, so that different lists have different keys. */
function keyOf(texts: readonly string[]): string {
  return `${texts.map((text) => text.length).join()} ${texts.join('')}`;
}

function toMatch(
  candidate: Candidate,
  input: Omit<CheckInput, 'options'>,
  verdict: CheckVerdict,
  locator: Locator,
): Match {
  const { keys: derived, ...facts } = verdict.facts;
  return {
    ruleId: candidate.rule.id,
    secret: new Secret(input.value),
    parts: input.parts,
    location: locator.locate(candidate.secret),
    grade: verdict.grade,
    confidence: verdict.confidence,
    facts,
    keys: [...ruleKeys(candidate.rule, input), ...derivedKeys(derived)],
    checks: verdict.results,
  };
}

/** Keys from named groups. The value itself is a key only where it is made to be public (a key id). */
function ruleKeys(rule: CompiledRule, input: Omit<CheckInput, 'options'>): JoinKey[] {
  const keys: JoinKey[] = [];
  for (const [kind, group] of Object.entries(rule.keys)) {
    const value = group === 'secret' ? (rule.credential.public ? input.value : undefined) : input.parts[group];
    if (value !== undefined && value !== '') keys.push({ kind, value });
  }
  return keys;
}

function derivedKeys(derived: Json | undefined): JoinKey[] {
  if (typeof derived !== 'object' || derived === null || Array.isArray(derived)) return [];
  return Object.entries(derived).flatMap(([kind, value]) => (typeof value === 'string' ? [{ kind, value }] : []));
}
