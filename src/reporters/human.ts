import type { Report } from '../model/report.ts';
import { defineReporter, type Put, type RenderOptions } from './contract.ts';
import { openFindings } from './shared/findings.ts';
import { renderCoverage } from './shared/human-coverage.ts';
import { renderPosture, renderSecrets } from './shared/human-findings.ts';
import { makePage, type Page } from './shared/human-page.ts';
import { countOf, describeOutcome, describeQuiet, STALE_WORDS } from './shared/words.ts';

/** Entries of an ignore file or a baseline that are named without `--verbose`. */
const SHOWN_STALE = 20;

export default defineReporter({
  id: 'human',
  title: 'Text for a terminal: findings with the identity behind them, coverage and one verdict',
  extension: 'txt',
  write(report: Report, options: RenderOptions, put: Put): void {
    const page = makePage(options, put);
    const open = openFindings(report);
    renderSecrets(page, report, open, options);
    renderPosture(page, report, open, options);
    renderQuiet(page, report, options);
    renderCoverage(page, report, options);
    renderStale(page, report, options);
    renderVerdict(page, report);
  },
});

function renderQuiet(page: Page, report: Report, options: RenderOptions): void {
  const quiet = describeQuiet(report);
  if (quiet === '') return;
  page.heading('Not counted');
  page.paragraph(options.verbose ? quiet : `${quiet} (--verbose lists them)`, 2);
  if (!options.verbose) return;
  for (const finding of report.findings) {
    if (finding.suppression) {
      const { reason, source, expires } = finding.suppression;
      const until = expires === undefined ? '' : `, until ${expires}`;
      page.paragraph(`${finding.ruleId} ${finding.id}: ${reason} (${source}${until})`, 4);
    } else if (finding.kind === 'secret' && finding.grade === 'placeholder') {
      const reasons = finding.checks.filter((check) => check.state === 'lower').map((check) => check.reason);
      page.paragraph(`${finding.ruleId} ${finding.id}: placeholder, ${reasons.join('; ')}`, 4);
    }
  }
}

function renderStale(page: Page, report: Report, options: RenderOptions): void {
  const { staleEntries, notes } = report.summary;
  if (staleEntries.length === 0 && notes.length === 0) return;
  page.heading('Notes');
  const shownCount = options.verbose ? staleEntries.length : SHOWN_STALE;
  for (const { source, entry, problem, suppression } of staleEntries.slice(0, shownCount)) {
    const until = suppression?.expires === undefined ? '' : ` (${suppression.expires})`;
    page.paragraph(`${source}: ${entry} ${STALE_WORDS[problem]}${until}`, 2);
  }
  const more = staleEntries.length - shownCount;
  if (more > 0)
    page.paragraph(`and ${countOf(more, 'more entry', 'more entries')} like these (--verbose lists them)`, 2);
  for (const note of notes) page.paragraph(note, 2);
}

function renderVerdict(page: Page, report: Report): void {
  const { state } = report.summary;
  const outcome = describeOutcome(report);
  const good = state === 'clean' && outcome.startsWith('Clean');
  page.gap();
  page.paragraph(outcome, 0, ['bold', good ? 'green' : state === 'findings' ? 'red' : 'yellow']);
}
