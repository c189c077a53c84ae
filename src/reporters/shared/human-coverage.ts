import type { Coverage } from '../../model/gap.ts';
import type { Report } from '../../model/report.ts';
import type { RenderOptions } from '../contract.ts';
import { groupBy } from './findings.ts';
import type { Page } from './human-page.ts';
import { countOf, describeBinary, describeSkipped, formatBytes, formatCount, nameScopes } from './words.ts';

const SHOWN_GAPS = 5;

/** What was planned, scanned, skipped and denied, scope by scope. */
export function renderCoverage(page: Page, report: Report, options: RenderOptions): void {
  page.heading('Coverage');
  if (report.coverage.length === 0) page.paragraph('Nothing was scanned: no target gave a scope.', 2, ['yellow']);
  const names = nameScopes(report.coverage);
  const whole = new Set(options.verbose ? [] : targetsReadWhole(report.coverage));
  for (const target of whole) renderTarget(page, target, report.coverage);
  report.coverage.forEach((line, index) => {
    if (!whole.has(line.target)) renderScope(page, line, names[index] ?? '', options);
  });
  const { rules, postureRules, posture } = report.summary;
  page.paragraph(`${countOf(rules, 'detection rule')}, ${countOf(postureRules, 'posture rule')}`, 2);
  const notAssessed = posture.filter((count) => count.notAssessed > 0);
  if (notAssessed.length > 0) page.paragraph(describeNotAssessed(notAssessed, options.verbose), 2);
}

/** Targets of several scopes that were all read: one line says so, `--verbose` names each scope. */
function targetsReadWhole(coverage: readonly Coverage[]): string[] {
  const byTarget = groupBy(coverage, (line) => line.target);
  const whole = [...byTarget].filter(([, lines]) => lines.length > 1 && lines.every((line) => line.state === 'ok'));
  return whole.map(([target]) => target);
}

function renderTarget(page: Page, target: string, coverage: readonly Coverage[]): void {
  const lines = coverage.filter((line) => line.target === target);
  const units = groupBy(lines, (line) => line.unit);
  const counts = [...units].map(([unit, some]) => `${formatCount(sumOf(some, 'scanned'))} ${unit}`);
  const bytes = formatBytes(sumOf(lines, 'bytes'));
  page.line(
    2,
    ['ok      ', 'green'],
    [target, 'bold'],
    [`  ${counts.join(', ')}, ${bytes}, in ${countOf(lines.length, 'scope')}`],
  );
  const binary = lines.map(describeBinary).filter((text) => text !== '');
  if (binary.length > 0) page.paragraph(binary.join('; '), 10, ['dim']);
  const skipped = describeSkipped(lines);
  if (skipped !== '') page.paragraph(skipped, 10, ['dim']);
}

function sumOf(lines: readonly Coverage[], field: 'scanned' | 'bytes'): number {
  let sum = 0;
  for (const line of lines) sum += line[field];
  return sum;
}

function describeNotAssessed(counts: Report['summary']['posture'], verbose: boolean): string {
  const rules = `${countOf(counts.length, 'posture rule')} could not judge every identity: facts are missing`;
  if (!verbose) return rules;
  const parts = counts.map(
    (count) => `${count.ruleId} (${count.fail} fail, ${count.pass} pass, ${count.notAssessed} not assessed)`,
  );
  return `${rules}. ${parts.join(', ')}`;
}

const STATE_STYLES = { ok: 'green', partial: 'yellow', failed: 'red' } as const;

function renderScope(page: Page, line: Coverage, name: string, options: RenderOptions): void {
  page.line(2, [line.state.padEnd(8), STATE_STYLES[line.state]], [name, 'bold'], [`  ${describeCounts(line)}`]);
  for (const text of [describeBinary(line), describeSkipped([line])]) {
    if (text !== '') page.paragraph(text, 10, ['dim']);
  }
  if (options.verbose) renderFacts(page, line);
  const shownCount = options.verbose ? line.gaps.length : SHOWN_GAPS;
  for (const gap of line.gaps.slice(0, shownCount)) page.paragraph(`${gap.reason}: ${gap.message}`, 10, ['yellow']);
  const more = line.gaps.length - Math.min(shownCount, line.gaps.length) + line.moreGaps;
  if (more > 0) page.paragraph(`and ${countOf(more, 'more gap')}`, 10, ['yellow']);
}

function describeCounts(line: Coverage): string {
  const bytes = line.bytes === 0 ? '' : `, ${formatBytes(line.bytes)}`;
  return `${formatCount(line.scanned)} of ${formatCount(line.planned)} ${line.unit}${bytes}`;
}

function renderFacts(page: Page, line: Coverage): void {
  const facts = Object.entries(line.facts).map(([name, value]) => `${name} ${value}`);
  if (facts.length > 0) page.paragraph(facts.join(', '), 10, ['dim']);
}
