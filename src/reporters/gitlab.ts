import { defined } from '../lib/fields/defined.ts';
import { cutText, escapeMarkdown } from '../lib/text/escape.ts';
import type { SecretFinding } from '../model/finding.ts';
import type { Location } from '../model/location.ts';
import type { Severity } from '../model/match.ts';
import type { Report } from '../model/report.ts';
import { defineReporter, type Put, type RenderOptions } from './contract.ts';
import { countPlaces, distinctPlaces, openFindings, primaryPlace } from './shared/findings.ts';
import { describeIdentity, type Inventory, identityOf, indexInventory, repositoryOf } from './shared/inventory.ts';
import { countGaps, countOf, describeOutcome, describePlace, describeVerdict } from './shared/words.ts';
import { writeJson } from './shared/write-json.ts';

/** The oldest schema of the 15 series that servers in use still accept; later ones only add optional members. */
const VERSION = '15.0.4';
/** What GitLab's own analyzer writes where there is no commit. */
const NO_COMMIT = '0000000';
const NAME_LENGTH = 255;
const SOLUTION_LENGTH = 7000;
const DESCRIPTION_LENGTH = 10_000;
const LISTED_PLACES = 50;
const MOST_MESSAGES = 100;

const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  none: 'Info',
};

/**
 * `gl-secret-detection-report.json`. Holds secrets only: the format has no place for posture, which a message counts.
 */
export default defineReporter({
  id: 'gitlab',
  title: "GitLab's report of secret detection",
  extension: 'json',
  write(report: Report, _: RenderOptions, put: Put): void {
    const inventory = indexInventory(report);
    const secrets = openFindings(report).filter((finding) => finding.kind === 'secret');
    const document = {
      version: VERSION,
      scan: scanPart(report),
      vulnerabilities: secrets.map((finding) => vulnerability(inventory, finding)),
    };
    writeJson(document, put);
  },
});

function scanPart(report: Report): Record<string, unknown> {
  const program = { id: 'bowerbird', name: 'Bowerbird', version: report.tool.version, vendor: { name: 'Bowerbird' } };
  return {
    type: 'secret_detection',
    analyzer: program,
    scanner: program,
    start_time: timeText(report.run.started),
    end_time: timeText(report.run.finished),
    status: report.summary.state === 'incomplete' ? 'failure' : 'success',
    messages: messages(report),
  };
}

/** The schema wants UTC without fraction and without a zone. */
function timeText(iso: string): string {
  return new Date(iso).toISOString().slice(0, 19);
}

function messages(report: Report): { readonly level: string; readonly value: string }[] {
  const gaps = report.coverage.flatMap((line) => line.gaps.map((gap) => ({ line, gap })));
  const listed = gaps.slice(0, MOST_MESSAGES).map(({ line, gap }) => {
    const level = gap.scope === true ? 'fatal' : 'warn';
    return { level, value: `${line.target} ${line.scope}: ${gap.reason}: ${gap.message}` };
  });
  const more = countGaps(report) - listed.length;
  if (more > 0) listed.push({ level: 'warn', value: `${countOf(more, 'more gap')} not listed.` });
  const posture = openFindings(report).filter((finding) => finding.kind === 'posture').length;
  const other = `${countOf(posture, 'posture finding')} not in this report: the format holds secrets only.`;
  const outcome = { level: 'info', value: describeOutcome(report) };
  return [outcome, ...(posture === 0 ? [] : [{ level: 'info', value: other }]), ...listed];
}

function vulnerability(inventory: Inventory, finding: SecretFinding): Record<string, unknown> {
  const { id, ruleId, title, severity, remediation, references } = finding;
  const links = references.filter((url) => /^https?:\/\//.test(url)).map((url) => ({ url }));
  return {
    id,
    category: 'secret_detection',
    name: cutText(title, NAME_LENGTH),
    description: cutText(description(inventory, finding), DESCRIPTION_LENGTH),
    severity: SEVERITY_WORDS[severity],
    ...(remediation === '' ? {} : { solution: cutText(remediation, SOLUTION_LENGTH) }),
    identifiers: [
      { type: 'bowerbird_rule_id', name: `Bowerbird rule ${ruleId}`, value: ruleId },
      { type: 'cwe', name: 'CWE-798', value: '798', url: 'https://cwe.mitre.org/data/definitions/798.html' },
    ],
    ...(links.length === 0 ? {} : { links }),
    location: locationPart(primaryPlace(finding)),
    ...details(inventory, finding),
  };
}

function description(inventory: Inventory, finding: SecretFinding): string {
  const identity = identityOf(inventory, finding);
  const parts = [
    finding.message,
    `Value: ${finding.secret.redacted}, ${describeVerdict(finding.verdict)}.`,
    identity === undefined ? '' : `It opens ${describeIdentity(identity)}.`,
    repositoryText(inventory, finding),
    `Score ${finding.score.value.toFixed(1)}, ${finding.score.vector}.`,
    ...finding.score.factors.map((factor) => factor.sentence),
  ];
  return escapeMarkdown(parts.filter((part) => part !== '').join(' '));
}

/** The format has no field for it: paths are those of the one repository that a pipeline belongs to. */
function repositoryText(inventory: Inventory, finding: SecretFinding): string {
  const repository = repositoryOf(inventory, finding);
  return inventory.repositories.length < 2 || repository === undefined ? '' : `It is in the repository ${repository}.`;
}

function locationPart(place: Location | undefined): Record<string, unknown> {
  if (place === undefined) return { commit: { sha: NO_COMMIT } };
  const date = defined({ date: place.date });
  const author = defined({ author: place.author });
  return {
    file: place.path,
    start_line: place.startLine,
    end_line: place.endLine,
    commit: { sha: place.commit ?? NO_COMMIT, ...author, ...date },
  };
}

function details(inventory: Inventory, finding: SecretFinding): Record<string, unknown> {
  const places = distinctPlaces(finding);
  if (places.length < 2) return {};
  const items = places.slice(0, LISTED_PLACES).map((place) => placeItem(inventory, place));
  const more = countPlaces(finding) - items.length;
  if (more > 0) items.push({ type: 'text', value: `and ${countOf(more, 'more place')}` });
  return { details: { places: { type: 'list', name: 'All places', items } } };
}

/** A file location has no room for a repository: with several, the place is a text. */
function placeItem({ repositories }: Inventory, place: Location): Record<string, unknown> {
  if (repositories.length > 1) return { type: 'text', value: describePlace(place, repositories) };
  return {
    type: 'file-location',
    file_name: place.path || '?',
    line_start: place.startLine,
    line_end: place.endLine,
  };
}
