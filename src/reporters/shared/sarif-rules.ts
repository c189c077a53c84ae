import type { ReportingConfiguration, ReportingDescriptor } from 'sarif';
import { defined } from '../../lib/fields/defined.ts';
import { cutText } from '../../lib/text/escape.ts';
import type { Finding } from '../../model/finding.ts';
import { compareText } from '../../model/location.ts';
import type { Confidence, Severity } from '../../model/match.ts';
import { capitalise } from './words.ts';

const TEXT_LENGTH = 1024;
const NAME_LENGTH = 255;
/** GitHub keeps ten tags and asks for fewer. */
const MOST_TAGS = 9;

/** A value inside each of GitHub's bands. Fixed, so that a rule's metadata does not change from run to run. */
const BAND_SCORES: Readonly<Record<Severity, string | undefined>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
  none: undefined,
};
const LEVELS: Readonly<Record<Severity, ReportingConfiguration.level>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  none: 'note',
};
const CONFIDENCES: readonly Confidence[] = ['low', 'medium', 'high'];

/** A rule in one severity band: GitHub takes the severity from the rule, so each band needs a rule of its own. */
export interface RuleVariant {
  readonly id: string;
  readonly findings: readonly Finding[];
}

/** Stable: depends on rule and severity of this finding and on nothing else in the report. */
export function variantId(finding: Finding): string {
  return `${finding.ruleId}/${finding.severity}`;
}

/** SARIF level of a severity. */
export function levelOf(severity: Severity): ReportingConfiguration.level {
  return LEVELS[severity];
}

/** Descriptors of the rules that the results name, sorted by id, with the index of each. */
export function buildRules(results: readonly { readonly rule: RuleVariant }[]): {
  readonly rules: ReportingDescriptor[];
  readonly indexes: ReadonlyMap<string, number>;
} {
  const findings = new Map<string, Finding[]>();
  for (const { rule } of results) findings.set(rule.id, [...(findings.get(rule.id) ?? []), ...rule.findings]);
  const ids = [...findings.keys()].sort(compareText);
  const rules = ids.flatMap((id) => describeRule(id, findings.get(id) ?? []));
  return { rules, indexes: new Map(ids.map((id, index) => [id, index])) };
}

function describeRule(id: string, findings: readonly Finding[]): ReportingDescriptor[] {
  const [first] = findings;
  if (first === undefined) return [];
  const security = BAND_SCORES[first.severity];
  return [
    {
      id,
      name: ruleName(first),
      shortDescription: { text: cutText(first.title, TEXT_LENGTH) },
      fullDescription: { text: cutText(`${first.title}. ${first.remediation}`.trim(), TEXT_LENGTH) },
      help: { text: helpText(first), markdown: helpMarkdown(first) },
      ...helpUri(first),
      defaultConfiguration: { level: levelOf(first.severity) },
      properties: {
        tags: tagsOf(first),
        precision: precisionOf(findings),
        'problem.severity': problemOf(first.severity),
        ...defined({ 'security-severity': security }),
      },
    },
  ];
}

/** The id in Pascal case with the band: SARIF wants a name that is no sentence. */
function ruleName(finding: Finding): string {
  const words = `${finding.ruleId}-${finding.severity}`.split(/[^a-zA-Z0-9]+/).filter((word) => word !== '');
  return cutText(words.map(capitalise).join(''), NAME_LENGTH);
}

function helpUri(finding: Finding): { helpUri?: string } {
  const url = finding.references.find((reference) => /^https:\/\/[^\s]+$/.test(reference));
  return defined({ helpUri: url });
}

function helpText(finding: Finding): string {
  const references = finding.references.map((reference) => `See ${reference}`);
  return [`${finding.title}.`, `What to do: ${finding.remediation}`, ...references].join('\n');
}

function helpMarkdown(finding: Finding): string {
  const lines = [`**${finding.title}**`, '', finding.remediation];
  if (finding.kind === 'secret') {
    lines.push(
      '',
      'Removing the value from the code does not help by itself: it stays in the history and in every clone.',
    );
  }
  if (finding.owasp.length > 0) lines.push('', `OWASP Non-Human Identities Top 10: ${finding.owasp.join(', ')}`);
  if (finding.references.length > 0) lines.push('', ...finding.references.map((reference) => `- ${reference}`));
  return lines.join('\n');
}

/** CWE-798 is hard-coded credentials; CWE-269 improper privilege management. */
function tagsOf(finding: Finding): string[] {
  const cwe = finding.kind === 'secret' ? 'external/cwe/cwe-798' : 'external/cwe/cwe-269';
  const kind = finding.kind === 'secret' ? 'secret' : 'posture';
  const owasp = finding.owasp.map((id) => `external/owasp-nhi/${id.toLowerCase()}`);
  return ['security', cwe, 'non-human-identity', kind, ...owasp].slice(0, MOST_TAGS);
}

/** The least confident result decides: precision is a promise about all of them. */
function precisionOf(findings: readonly Finding[]): string {
  const lowest = Math.min(...findings.map((finding) => CONFIDENCES.indexOf(finding.confidence)));
  return CONFIDENCES[lowest] ?? 'low';
}

function problemOf(severity: Severity): string {
  return LEVELS[severity] === 'note' ? 'recommendation' : String(LEVELS[severity]);
}
