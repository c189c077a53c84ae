import { type Artifact, type ByteRange, VERDICT_REACH } from '../model/artifact.ts';
import type { JoinKey } from '../model/identity.ts';
import type { Json } from '../model/json.ts';
import type { CheckResult, DroppedMatch, Grade, Match } from '../model/match.ts';
import type { CompiledRule } from '../model/rule.ts';
import { Secret } from '../model/secret.ts';
import type { CheckVerdict } from './check-verdict.ts';
import { findCompanions } from './companions.ts';
import type { Candidate, Check, CheckInput } from './contract.ts';
import { createLocator, type Locator } from './locate.ts';

/** A match and the raw text of its line(s), for suppression comments. */
export interface ConfirmedMatch {
  readonly match: Match;
  readonly lineText: string;
}

/** What confirming needs beside the artifact. */
export interface ConfirmOptions {
  readonly checks: readonly Check[];
  readonly now: Date;
  /** True: matches that a check took out are wanted too; locating them costs time. */
  readonly keepDropped?: boolean;
}

/** Matches that stand, and those that a check took out, with the reason, where they are wanted. */
export interface Confirmed {
  readonly matches: ConfirmedMatch[];
  readonly dropped: DroppedMatch[];
}

/** Confirms the candidates of one artifact. */
export type Confirmer = (artifact: Artifact, candidates: readonly Candidate[]) => Confirmed;

/** A check and what the rule file sets for it. */
interface PlannedCheck {
  readonly check: Check;
  readonly options: CheckInput['options'];
}

/** Makes a confirmer for a whole run: which checks a rule gets is found out once. */
export function createConfirmer(options: ConfirmOptions): Confirmer {
  const byId = new Map(options.checks.map((check) => [check.id, check]));
  const always = options.checks.filter((check) => check.applies === 'always');
  const plans = new Map<CompiledRule, readonly PlannedCheck[]>();
  const planOf = (rule: CompiledRule): readonly PlannedCheck[] => {
    const plan = plans.get(rule) ?? planChecks(rule, always, byId);
    plans.set(rule, plan);
    return plan;
  };
  return (artifact, candidates) => confirmAll(artifact, candidates, options, planOf);
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
  for (const check of always) if (!rule.skipChecks.includes(check.id)) plan.push({ check, options: {} });
  for (const { check, options } of rule.checks) {
    const found = byId.get(check);
    if (found !== undefined) plan.push({ check: found, options });
  }
  return plan;
}

/** Values are wrapped in `Secret` here and never leave it again. */
function confirmAll(
  artifact: Artifact,
  candidates: readonly Candidate[],
  { now, keepDropped }: ConfirmOptions,
  planOf: (rule: CompiledRule) => readonly PlannedCheck[],
): Confirmed {
  const confirmed: Confirmed = { matches: [], dropped: [] };
  const locator = createLocator(artifact);
  for (const [index, candidate] of candidates.entries()) {
    const companions = findCompanions(artifact, candidates, index);
    const input = readInput(artifact, candidate, now, companions.parts);
    const verdict = companions.missing ?? judge(candidate.rule, input, planOf(candidate.rule));
    if (verdict.droppedBy !== undefined && keepDropped !== true) continue;
    const match = toMatch(candidate, input, verdict, locator);
    if (verdict.droppedBy !== undefined) confirmed.dropped.push({ ...match, droppedBy: verdict.droppedBy });
    else confirmed.matches.push({ match, lineText: locator.lineText(candidate.match) });
  }
  return confirmed;
}

function readInput(
  artifact: Artifact,
  candidate: Candidate,
  now: Date,
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
    path: artifact.origin.path,
    now,
  };
}

function readText(bytes: Uint8Array, range: ByteRange, encoding: 'utf8' | 'latin1'): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + range.start, range.end - range.start).toString(encoding);
}

function judge(rule: CompiledRule, input: Omit<CheckInput, 'options'>, plan: readonly PlannedCheck[]): CheckVerdict {
  const results: CheckResult[] = [];
  const facts: Record<string, Json> = {};
  let grade: Grade = 'secret';
  let { confidence } = rule;
  for (const { check, options } of plan) {
    const outcome = check.evaluate({ ...input, options });
    results.push({ check: check.id, state: outcome.state, reason: 'reason' in outcome ? outcome.reason : '' });
    if ('facts' in outcome) Object.assign(facts, outcome.facts);
    if (outcome.state === 'drop') return { grade, confidence, results, facts, droppedBy: check.id };
    if (outcome.state === 'lower' && outcome.to === 'placeholder') grade = 'placeholder';
    else if (outcome.state === 'lower') confidence = 'low';
  }
  return { grade, confidence, results, facts };
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
