import { escapeXml } from '../lib/text/escape.ts';
import type { Finding } from '../model/finding.ts';
import type { Coverage } from '../model/gap.ts';
import type { Report } from '../model/report.ts';
import { defineReporter } from './contract.ts';
import {
  countPlaces,
  distinctPlaces,
  isPlaceholder,
  openFindings,
  primaryPlace,
  sortFindings,
} from './shared/findings.ts';
import { describeIdentity, type Inventory, identityOf, indexInventory, repositoryOf } from './shared/inventory.ts';
import { describePlace } from './shared/words.ts';

const LISTED_PLACES = 20;

/**
 * Findings are failures, accepted findings are skipped tests, and every scope is a test that only a full read passes.
 */
export default defineReporter({
  id: 'junit',
  title: 'JUnit XML for build servers',
  extension: 'xml',
  render(report: Report): string {
    const suites = [coverageSuite(report), findingSuite(report)];
    const total = { tests: 0, failures: 0, errors: 0, skipped: 0 };
    for (const suite of suites) {
      for (const name of COUNTS) total[name] += suite.counts[name];
    }
    const head = `<testsuites name="bowerbird" ${countAttributes(total)} time="${seconds(report)}">`;
    const lines = [
      '<?xml version="1.0" encoding="UTF-8"?>',
      head,
      ...suites.flatMap((suite) => suite.lines),
      '</testsuites>',
    ];
    return `${lines.join('\n')}\n`;
  },
});

const COUNTS = ['tests', 'failures', 'errors', 'skipped'] as const;
type Counts = Record<(typeof COUNTS)[number], number>;

interface Suite {
  readonly counts: Counts;
  readonly lines: readonly string[];
}

function countAttributes(counts: Counts): string {
  return COUNTS.map((name) => `${name}="${counts[name]}"`).join(' ');
}

function seconds(report: Report): string {
  const spent = Date.parse(report.run.finished) - Date.parse(report.run.started);
  return (Number.isFinite(spent) ? Math.max(0, spent) / 1000 : 0).toFixed(3);
}

function suiteOf(name: string, report: Report, counts: Counts, cases: readonly string[]): Suite {
  const attributes = `name="${name}" ${countAttributes(counts)} timestamp="${escapeXml(report.run.started.slice(0, 19))}"`;
  return { counts, lines: [`  <testsuite ${attributes}>`, ...cases, '  </testsuite>'] };
}

function coverageSuite(report: Report): Suite {
  const { coverage } = report;
  const errors = coverage.filter((line) => line.state !== 'ok').length;
  if (coverage.length === 0) {
    const nothing = [
      '    <testcase classname="coverage" name="targets">',
      '      <error message="Nothing was scanned."/>',
      '    </testcase>',
    ];
    return suiteOf('coverage', report, { tests: 1, failures: 0, errors: 1, skipped: 0 }, nothing);
  }
  return suiteOf(
    'coverage',
    report,
    { tests: coverage.length, failures: 0, errors, skipped: 0 },
    coverage.flatMap(scopeCase),
  );
}

function scopeCase(line: Coverage): string[] {
  const head = `    <testcase classname="coverage.${escapeXml(line.collector)}" name="${escapeXml(`${line.target} ${line.scope}`)}"`;
  const counts = `${line.scanned} of ${line.planned} ${line.unit} scanned`;
  if (line.state === 'ok') return [`${head}/>`];
  const gaps = line.gaps.map((gap) => escapeXml(`${gap.reason}: ${gap.message}`));
  if (line.moreGaps > 0) gaps.push(`and ${line.moreGaps} more`);
  return [
    `${head}>`,
    `      <error type="${line.state}" message="${escapeXml(counts)}">${gaps.join('\n')}</error>`,
    '    </testcase>',
  ];
}

function findingSuite(report: Report): Suite {
  const inventory = indexInventory(report);
  const open = openFindings(report);
  const accepted = sortFindings(report.findings.filter((finding) => finding.suppression && !isPlaceholder(finding)));
  const cases = [
    ...open.flatMap((finding) => failureCase(inventory, finding)),
    ...accepted.flatMap((finding) => skippedCase(inventory, finding)),
  ];
  const tests = open.length + accepted.length;
  return suiteOf('findings', report, { tests, failures: open.length, errors: 0, skipped: accepted.length }, cases);
}

function caseHead(inventory: Inventory, finding: Finding): string {
  const place = primaryPlace(finding);
  const file = place === undefined ? '' : ` file="${escapeXml(place.path)}" line="${place.startLine}"`;
  const name = `${finding.title} ${finding.id}`;
  const repository = inventory.repositories.length < 2 ? undefined : repositoryOf(inventory, finding);
  const group = repository === undefined ? finding.ruleId : `${repository}.${finding.ruleId}`;
  return `    <testcase classname="${escapeXml(group)}" name="${escapeXml(name)}"${file}>`;
}

function failureCase(inventory: Inventory, finding: Finding): string[] {
  const message = `${finding.severity} ${finding.score.value.toFixed(1)}: ${finding.title}`;
  const body = failureLines(inventory, finding).map(escapeXml).join('\n');
  return [
    caseHead(inventory, finding),
    `      <failure type="${finding.severity}" message="${escapeXml(message)}">${body}</failure>`,
    '    </testcase>',
  ];
}

function failureLines(inventory: Inventory, finding: Finding): string[] {
  const identity = identityOf(inventory, finding);
  const lines = [finding.message];
  if (finding.kind === 'secret') lines.push(`Secret: ${finding.secret.redacted}`);
  const places = distinctPlaces(finding);
  for (const place of places.slice(0, LISTED_PLACES))
    lines.push(`Where: ${describePlace(place, inventory.repositories)}`);
  const more = countPlaces(finding) - Math.min(LISTED_PLACES, places.length);
  if (more > 0) lines.push(`and ${more} more`);
  if (identity !== undefined) lines.push(`Opens: ${describeIdentity(identity)}`);
  lines.push(`Score: ${finding.score.vector}`, `Next: ${finding.remediation}`);
  return lines.filter((line) => line !== '');
}

function skippedCase(inventory: Inventory, finding: Finding): string[] {
  const reason = finding.suppression?.reason ?? '';
  return [caseHead(inventory, finding), `      <skipped message="${escapeXml(reason)}"/>`, '    </testcase>'];
}
