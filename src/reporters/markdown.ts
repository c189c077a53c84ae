import { escapeMarkdown } from '../lib/text/escape.ts';
import type { Finding } from '../model/finding.ts';
import type { Report } from '../model/report.ts';
import { defineReporter } from './contract.ts';
import { countPlaces, groupBy, openFindings, primaryPlace } from './shared/findings.ts';
import { describeIdentity, describeLifecycle, type Inventory, identityOf, indexInventory } from './shared/inventory.ts';
import {
  capitalise,
  countOf,
  describeOutcome,
  describePlace,
  describeQuiet,
  describeSkipped,
  describeVerdict,
  formatBytes,
  formatCount,
  nameScopes,
  STALE_WORDS,
} from './shared/words.ts';

/** GitHub drops a job summary above 1 MiB; what other steps write counts apart. Bytes, with room for the last lines. */
const MOST_BYTES = 1_000_000;
const CELL_LENGTH = 300;
const SHOWN_OWNERS = 5;
/** More rows than this are folded. */
const OPEN_ROWS = 10;

/** A job summary: the outcome, findings worst first, next steps by rule, coverage. */
export default defineReporter({
  id: 'markdown',
  title: 'Markdown for a job summary or a comment',
  extension: 'md',
  render(report: Report): string {
    const inventory = indexInventory(report);
    const open = openFindings(report);
    const sections = [
      ['## Bowerbird', '', `**${escapeMarkdown(describeOutcome(report))}**`],
      coverageTable(report),
      findingTable(inventory, open),
      nextSteps(open),
      remarks(report),
    ];
    return fitSections(sections);
  },
});

/**
 * Puts sections together until the size limit. Coverage stands before the findings so that it is never the part that
 * falls away; what does fall away is counted.
 */
function fitSections(sections: readonly (readonly string[])[]): string {
  const lines: string[] = [];
  let bytes = 0;
  let dropped = 0;
  for (const section of sections.filter((lines) => lines.length > 0)) {
    for (const line of [...section, '']) {
      const size = Buffer.byteLength(line) + 1;
      // What is open must be closed, or the rest would be folded with it.
      if (bytes + size > MOST_BYTES && line !== '</details>') {
        dropped += 1;
        continue;
      }
      bytes += size;
      lines.push(line);
    }
  }
  if (dropped > 0)
    lines.push(`${countOf(dropped, 'line')} left out: a job summary holds 1 MiB. See the JSON or SARIF report.`, '');
  return lines.join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

/** Foreign text for one cell. Cut before escaping, so that no escape is cut in two. */
function cell(text: string): string {
  return escapeMarkdown(text.length > CELL_LENGTH ? `${text.slice(0, CELL_LENGTH)}…` : text);
}

function code(text: string): string {
  return `<code>${cell(text)}</code>`;
}

function findingTable(inventory: Inventory, open: readonly Finding[]): string[] {
  if (open.length === 0) return [];
  const rows = open.map((finding) => [
    `${finding.severity} ${finding.score.value.toFixed(1)}`,
    `${cell(finding.title)}<br>${code(whatText(finding))}`,
    placeCell(inventory, finding),
    identityCell(inventory, finding),
    ownersCell(finding),
  ]);
  const whole = table(['Risk', 'What', 'Where', 'Opens', 'Owner'], rows);
  if (rows.length <= OPEN_ROWS) return ['### Findings', '', ...whole];
  const summary = `<summary>${countOf(rows.length, 'finding')}</summary>`;
  return ['### Findings', '', '<details>', summary, '', ...whole, '', '</details>'];
}

function ownersCell({ owners }: Finding): string {
  const names = owners.slice(0, SHOWN_OWNERS).map((owner) => cell(owner.name));
  const more = owners.length - names.length;
  return [...names, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

function whatText(finding: Finding): string {
  if (finding.kind === 'posture') return finding.id;
  return `${finding.secret.redacted} ${describeVerdict(finding.verdict)}; ${finding.id}`;
}

function placeCell(inventory: Inventory, finding: Finding): string {
  const place = primaryPlace(finding);
  if (place === undefined) return '';
  const more = countPlaces(finding) - 1;
  return `${code(describePlace(place, inventory.repositories))}${more > 0 ? `<br>and ${countOf(more, 'more place')}` : ''}`;
}

function identityCell(inventory: Inventory, finding: Finding): string {
  const identity = identityOf(inventory, finding);
  if (identity === undefined) return finding.kind === 'secret' ? 'not known' : cell(finding.identityId ?? '');
  return `${cell(describeIdentity(identity))}<br>${cell(describeLifecycle(inventory, identity))}`;
}

function nextSteps(open: readonly Finding[]): string[] {
  if (open.length === 0) return [];
  const rules = groupBy(open, (finding) => finding.ruleId);
  const items = [...rules].map(([ruleId, findings]) => {
    const [first] = findings;
    return `- ${code(ruleId)} (${findings.length}): ${escapeMarkdown(first?.remediation ?? '')}`;
  });
  return [
    '### Next steps',
    '',
    ...items,
    `- To accept a finding, add a line to ${code('.bowerbirdignore')}: ${code('<id> reason="why"')}.`,
  ];
}

function coverageTable(report: Report): string[] {
  const names = nameScopes(report.coverage);
  const rows = report.coverage.map((line, index) => [
    line.state === 'ok' ? 'ok' : `**${line.state}**`,
    code(names[index] ?? ''),
    `${formatCount(line.scanned)} of ${formatCount(line.planned)} ${cell(line.unit)}, ${formatBytes(line.bytes)}`,
    cell(describeSkipped([line])),
  ]);
  const gaps = report.coverage.flatMap((line) => [
    ...line.gaps.map((gap) => `- ${cell(`${gap.reason}: ${gap.message}`)}`),
    ...(line.moreGaps > 0
      ? [`- ${countOf(line.moreGaps, 'more gap')} in ${code(`${line.target} ${line.scope}`)}`]
      : []),
  ]);
  if (rows.length === 0) return ['### Coverage', '', 'Nothing was scanned.'];
  const head = ['State', 'Scope', 'Scanned', 'Left out'];
  if (gaps.length > 0) return ['### Coverage', '', ...table(head, rows), '', 'Not read:', '', ...gaps];
  const summary = `Coverage: ${countOf(rows.length, 'scope')}, everything was read`;
  return ['<details>', `<summary>${summary}</summary>`, '', ...table(head, rows), '', '</details>'];
}

function remarks(report: Report): string[] {
  const quiet = describeQuiet(report);
  const stale = report.summary.staleEntries.map(({ source, entry, problem, suppression }) => {
    const until = suppression?.expires === undefined ? '' : ` (${cell(suppression.expires)})`;
    return `- ${code(`${source}: ${entry}`)} ${STALE_WORDS[problem]}${until}`;
  });
  const notes = report.summary.notes.map((note) => `- ${escapeMarkdown(note)}`);
  const lines = [...(quiet === '' ? [] : [`- Not counted: ${quiet}.`]), ...stale, ...notes];
  const tool = `${capitalise(report.tool.name)} ${report.tool.version}, ${countOf(report.summary.rules, 'detection rule')}`;
  return [...(lines.length === 0 ? [] : ['### Notes', '', ...lines, '']), `${escapeMarkdown(tool)}.`];
}
