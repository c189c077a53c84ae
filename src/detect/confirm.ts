import { type Artifact, type ByteRange, VERDICT_REACH } from '../model/artifact.ts';
import type { JoinKey } from '../model/identity.ts';
import type { Json } from '../model/json.ts';
import type { DroppedMatch, Match } from '../model/match.ts';
import type { CompiledRule } from '../model/rule.ts';
import { Secret } from '../model/secret.ts';
import type { CheckVerdict } from './check-verdict.ts';
import { findCompanions } from './companions.ts';
import type { Candidate, Check, CheckInput, CheckOutcome } from './contract.ts';
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

/** Runs the checks over candidates. Values are wrapped in `Secret` here and never leave it again. */
export function confirmCandidates(
  artifact: Artifact,
  candidates: readonly Candidate[],
  options: ConfirmOptions,
): Confirmed {
  const confirmed: Confirmed = { matches: [], dropped: [] };
  const locator = createLocator(artifact);
  const byId = new Map(options.checks.map((check) => [check.id, check]));
  for (const candidate of candidates) {
    const companions = findCompanions(artifact, candidate, candidates);
    const input = readInput(artifact, candidate, options.now, companions.parts);
    const verdict = companions.missing ?? judge(candidate.rule, input, options.checks, byId);
    if (verdict.droppedBy !== undefined && options.keepDropped !== true) continue;
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

function judge(
  rule: CompiledRule,
  input: Omit<CheckInput, 'options'>,
  checks: readonly Check[],
  byId: ReadonlyMap<string, Check>,
): CheckVerdict {
  const always = checks.filter((check) => check.applies === 'always' && !rule.skipChecks.includes(check.id));
  const named = rule.checks.flatMap(({ check, options }) => {
    const found = byId.get(check);
    return found === undefined ? [] : [{ check: found, options }];
  });
  const planned = [...always.map((check) => ({ check, options: {} })), ...named];
  let verdict: CheckVerdict = { grade: 'secret', confidence: rule.confidence, results: [], facts: {} };
  for (const { check, options } of planned) {
    verdict = addOutcome(verdict, check.id, check.evaluate({ ...input, options }));
    if (verdict.droppedBy !== undefined) break;
  }
  return verdict;
}

function addOutcome(verdict: CheckVerdict, check: string, outcome: CheckOutcome): CheckVerdict {
  if (outcome.state === 'not-applicable') {
    return { ...verdict, results: [...verdict.results, { check, state: outcome.state, reason: '' }] };
  }
  const results = [...verdict.results, { check, state: outcome.state, reason: outcome.reason }];
  const facts = 'facts' in outcome ? { ...verdict.facts, ...outcome.facts } : verdict.facts;
  if (outcome.state === 'drop') return { ...verdict, results, facts, droppedBy: check };
  if (outcome.state === 'pass') return { ...verdict, results, facts };
  if (outcome.to === 'placeholder') return { ...verdict, results, facts, grade: 'placeholder' };
  return { ...verdict, results, facts, confidence: 'low' };
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
