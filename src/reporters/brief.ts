import type { Finding } from '../model/finding.ts';
import type { Report } from '../model/report.ts';
import { defineReporter, type Put, type RenderOptions } from './contract.ts';
import { countPlaces, openFindings, primaryPlace } from './shared/findings.ts';
import { makePage, type Page, severityStyles } from './shared/human-page.ts';
import { describeIdentity, identityOf, indexInventory } from './shared/inventory.ts';
import { countGaps, countOf, describeOutcome, describePlace, isComplete } from './shared/words.ts';

const SHOWN_FINDINGS = 20;
const SHOWN_GAPS = 5;

/** A few lines per finding and how to go on: for hooks, where somebody waits and wants to commit. */
export default defineReporter({
  id: 'brief',
  title: 'A few lines for each finding, for hooks and narrow places',
  extension: 'txt',
  write(report: Report, options: RenderOptions, put: Put): void {
    const page = makePage(options, put);
    const inventory = indexInventory(report);
    const open = openFindings(report);
    const shownCount = options.verbose ? open.length : SHOWN_FINDINGS;
    for (const finding of open.slice(0, shownCount)) {
      renderFinding(page, inventory.repositories, finding, options);
      const identity = identityOf(inventory, finding);
      if (identity !== undefined && finding.kind === 'secret') page.paragraph(`opens ${describeIdentity(identity)}`, 2);
      page.paragraph(finding.remediation, 2);
      page.gap();
    }
    if (open.length > shownCount) page.paragraph(`and ${countOf(open.length - shownCount, 'more finding')}`, 0);
    renderGaps(page, report);
    page.gap();
    page.paragraph(describeOutcome(report), 0, ['bold']);
    const [first] = open;
    if (first !== undefined) renderAdvice(page, first);
  },
});

function renderFinding(page: Page, repositories: readonly string[], finding: Finding, options: RenderOptions): void {
  const { severity, score, title } = finding;
  page.line(
    0,
    [severity.toUpperCase(), ...severityStyles(severity)],
    [` ${score.value.toFixed(1)}  `, 'bold'],
    [title, 'bold'],
    [`  ${finding.id}`, 'dim'],
  );
  const place = primaryPlace(finding);
  const more = countPlaces(finding) - 1;
  const where = place === undefined ? (finding.identityId ?? '') : describePlace(place, repositories);
  const others = more > 0 ? ` and ${countOf(more, 'more place')}` : '';
  page.line(2, [where, 'cyan'], [`${others}  ${valueText(finding, options)}`]);
}

function valueText(finding: Finding, options: RenderOptions): string {
  if (finding.kind === 'posture') return '';
  return finding.secret.shown(options.showSecrets);
}

function renderGaps(page: Page, report: Report): void {
  if (isComplete(report)) return;
  const gaps = report.coverage.flatMap((line) => line.gaps);
  for (const gap of gaps.slice(0, SHOWN_GAPS)) page.paragraph(`not read: ${gap.message}`, 0, ['yellow']);
  const more = countGaps(report) - Math.min(SHOWN_GAPS, gaps.length);
  if (gaps.length > 0 && more > 0) page.paragraph(`and ${countOf(more, 'more gap')}`, 0, ['yellow']);
}

/** A line of a file, and no command: whoever is stopped by a hook of a framework has none. */
function renderAdvice(page: Page, finding: Finding): void {
  page.line(0, ['If a finding is wrong or accepted, add a line to .bowerbirdignore, with the reason:']);
  page.line(2, [`${finding.id} reason="why"`, 'cyan']);
}
