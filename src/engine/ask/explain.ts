import { checks } from '../../detect/checks/index.generated.ts';
import { confirmCandidates } from '../../detect/confirm.ts';
import { createReferenceDetector } from '../../detect/reference.ts';
import { hasContext } from '../../detect/semantics.ts';
import type { Artifact } from '../../model/artifact.ts';
import { UsageError } from '../../model/errors.ts';
import type { Finding } from '../../model/finding.ts';
import type { CheckResult, DroppedMatch, Match } from '../../model/match.ts';
import type { CompiledRule } from '../../model/rule.ts';
import { readRules } from '../../model/rule-head.ts';
import { loadBuiltinCatalogue } from '../../ruleset/catalogue/builtin.ts';
import type { ScanContext } from '../plan/contract.ts';
import { knownNames } from '../plan/known-names.ts';
import { scan } from '../scan.ts';

/** An explanation for a person (`lines`) and for a machine (`data`). `found`: there was something to explain. */
export interface Explanation {
  readonly found: boolean;
  readonly lines: readonly string[];
  readonly data: unknown;
}

/** Explains a text: every rule whose pattern matches, what its checks say, and what keeps near misses from matching. */
export async function explainText(bytes: Uint8Array, path: string, context: ScanContext): Promise<Explanation> {
  const catalogue = await loadBuiltinCatalogue(context.home, knownNames());
  const rules = readRules(catalogue.detection);
  const artifact: Artifact = { origin: { collector: 'explain', path }, bytes };
  const candidates = createReferenceDetector(rules).scan(artifact);
  const { matches, dropped } = confirmCandidates(artifact, candidates, {
    checks,
    now: context.now(),
    keepDropped: true,
  });
  const confirmed = matches.map(({ match }) => match);
  const nearMisses = findNearMisses(rules, bytes);
  const lines = [
    ...confirmed.flatMap((match) => describeMatch(match, match.grade === 'placeholder' ? 'placeholder' : 'FINDING')),
    ...dropped.flatMap((match) => describeMatch(match, `dropped by "${match.droppedBy}"`)),
    ...nearMisses,
  ];
  const none = `None of the ${rules.length} rules matches this text.`;
  return {
    found: confirmed.length + dropped.length > 0,
    lines: lines.length === 0 ? [none] : lines,
    data: { rules: rules.length, matches: confirmed, dropped, nearMisses },
  };
}

/** Rules whose pattern matches but whose context words are not near: the commonest "why not". */
function findNearMisses(rules: readonly CompiledRule[], bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes).toString('latin1');
  const missed: string[] = [];
  for (const rule of rules) {
    if (rule.context === undefined) continue;
    const match = new RegExp(rule.pattern, rule.ignoreCase ? 'di' : 'd').exec(text);
    const [start = 0, end = 0] = match?.indices?.groups?.['secret'] ?? [];
    if (match === null || hasContext(rule, text, { start, end })) continue;
    const words = rule.context.words.join(', ');
    missed.push(
      `${rule.id}: the form fits, but none of these words stands within ${rule.context.before} bytes: ${words}`,
    );
  }
  return missed;
}

function describeMatch(match: Match | DroppedMatch, outcome: string): string[] {
  const { startLine, startColumn } = match.location;
  const head = `${match.ruleId}: ${outcome} (${match.secret.redacted} at ${startLine}:${startColumn}, confidence ${match.confidence})`;
  const facts = Object.entries(match.facts).map(([name, value]) => `  fact ${name}: ${JSON.stringify(value)}`);
  return [head, ...match.checks.filter((check) => check.reason !== '').map(describeCheck), ...facts];
}

function describeCheck(check: CheckResult): string {
  return `  ${check.state.padEnd(6)} ${check.check}: ${check.reason}`;
}

/** Explains a finding of a scan: places, checks, the sentence behind each factor of its score, and its suppression. */
export async function explainFinding(
  id: string,
  targets: readonly string[],
  context: ScanContext,
): Promise<Explanation> {
  const report = await scan({ targets }, context);
  const finding = report.findings.find((item) => item.id === id || (item.kind === 'secret' && item.fingerprint === id));
  if (finding === undefined) {
    throw new UsageError(
      `No finding ${id} in ${targets.join(', ')}. Name where to look with --in, for example --in git:.`,
    );
  }
  return { found: true, lines: describeFinding(finding), data: finding };
}

function describeFinding(finding: Finding): string[] {
  const { id, title, severity, score, confidence, ruleId } = finding;
  const lines = [`${id}  ${title}`, `rule ${ruleId}, severity ${severity}, confidence ${confidence}`, finding.message];
  if (finding.kind === 'secret')
    lines.push(...finding.checks.filter((check) => check.reason !== '').map(describeCheck));
  lines.push(`score ${score.value} (${score.range[0]} to ${score.range[1]}): ${score.vector}`);
  for (const factor of score.factors) lines.push(`  ${factor.id} ${factor.weight}: ${factor.sentence}`);
  for (const place of finding.locations)
    lines.push(`  at ${place.path}:${place.startLine}:${place.startColumn}${commitOf(place)}`);
  const { suppression } = finding;
  if (suppression !== undefined)
    lines.push(`accepted by ${suppression.source} (${suppression.kind}): ${suppression.reason}`);
  return [...lines, `next: ${finding.remediation}`];
}

function commitOf(place: { readonly commit?: string }): string {
  return place.commit === undefined ? '' : ` in ${place.commit.slice(0, 12)}`;
}
