import { encodePath } from '../../lib/text/encode-path.ts';
import { cleanText } from '../../lib/text/terminal.ts';
import type { Finding } from '../../model/finding.ts';
import type { Location } from '../../model/location.ts';
import type { Severity } from '../../model/match.ts';
import type { Report } from '../../model/report.ts';
import type { CommentNews } from './comment-state.ts';

/** What a comment says and where its links lead. */
export interface CommentInput {
  readonly report: Report;
  /** Open findings, worst first. */
  readonly open: readonly Finding[];
  readonly news: CommentNews;
  /** `https://github.com/acme/shop`. */
  readonly repositoryUrl: string;
  /** Commit that the pull request ends with. */
  readonly head: string;
  /** Page of the workflow run; undefined where it is not known. */
  readonly runUrl?: string;
}

/** More rows than this are folded. */
const OPEN_ROWS = 10;
/** More are only counted: a comment has at most 65,536 characters. */
const MOST_ROWS = 60;
const MOST_GONE = 20;
const COMMANDS = 3;
const CELL_LENGTH = 160;

/**
 * The visible part of the comment. Text of the repository stands in code spans only, where nothing formats, links or
 * mentions.
 */
export function renderComment(input: CommentInput): string {
  const { open, news } = input;
  const sections = [
    [`## Bowerbird: ${headline(open.length, news)}`],
    [describeRun(input)],
    open.length === 0 ? [] : foldTable(input),
    news.gone.length === 0 ? [] : [describeGone(news.gone)],
    open.length === 0 ? [] : howToAccept(open),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function headline(open: number, { fresh, gone }: CommentNews): string {
  const parts = [
    fresh.size === 0 ? '' : countOf(fresh.size, 'new finding'),
    open === fresh.size ? '' : `${open - fresh.size} still there`,
    gone.length === 0 ? '' : `${gone.length} gone`,
  ].filter((part) => part !== '');
  if (open === 0) return ['no open findings', ...parts].join(', ');
  return parts.join(', ');
}

function describeRun({ report, repositoryUrl, head, runUrl }: CommentInput): string {
  const commit = `[\`${head.slice(0, 10)}\`](${repositoryUrl}/commit/${head})`;
  const run = runUrl === undefined ? '' : ` ([run](${runUrl}))`;
  const { gaps, state } = report.summary;
  const missed =
    gaps > 0 || state === 'incomplete' ? ' **Not everything was read: the run says what is missing.**' : '';
  return `At ${commit}${run}.${missed}`;
}

function foldTable(input: CommentInput): string[] {
  const { open } = input;
  const rows = open.slice(0, MOST_ROWS).map((finding) => renderRow(input, finding));
  const table = ['| | Risk | What | Where | Id |', '| --- | --- | --- | --- | --- |', ...rows];
  const more = open.length - rows.length;
  if (more > 0) table.push('', `${countOf(more, 'more finding')}: see the run.`);
  if (open.length <= OPEN_ROWS) return table;
  return ['<details>', `<summary>${countOf(open.length, 'finding')}</summary>`, '', ...table, '', '</details>'];
}

function renderRow(input: CommentInput, finding: Finding): string {
  const { severity, score, title, id } = finding;
  const state = input.news.fresh.has(id) ? '**new**' : 'still there';
  const value =
    finding.kind === 'secret' ? `<br>${codeSpan(finding.secret.redacted)}` : `<br>${codeSpan(finding.message)}`;
  const cells = [
    state,
    `${severity} ${score.value.toFixed(1)}`,
    `${codeSpan(title)}${value}`,
    renderPlace(input, finding),
  ];
  return `| ${[...cells, codeSpan(id)].join(' | ')} |`;
}

function renderPlace({ repositoryUrl, head }: CommentInput, finding: Finding): string {
  const place = finding.locations.find(({ present }) => present === true) ?? finding.locations[0];
  if (place === undefined) return codeSpan(finding.identityId ?? '');
  const spot = codeSpan(describeSpot(place));
  const more = finding.locations.length - 1 + finding.moreLocations;
  const others = more > 0 ? `<br>and ${countOf(more, 'more place')}` : '';
  return `[${spot}](${repositoryUrl}/${linkOf(place, head)})${others}`;
}

function describeSpot({ path, part, startLine, commit, cell }: Location): string {
  return path === '' || (part ?? 'content') !== 'content'
    ? `message of ${(commit ?? '').slice(0, 10)}`
    : `${path}:${startLine}${cell === undefined ? '' : ` (cell ${cell})`}`;
}

/** The line in the commit that brought it: there it stays, whatever later commits do. */
function linkOf({ path, part, startLine, commit }: Location, head: string): string {
  const at = commit !== undefined && /^[0-9a-f]{40,64}$/.test(commit) ? commit : head;
  if (path === '' || (part ?? 'content') !== 'content') return `commit/${at}`;
  return `blob/${at}/${encodePath(path)}#L${startLine}`;
}

function describeGone(gone: readonly string[]): string {
  const ids = gone.slice(0, MOST_GONE).map(codeSpan).join(', ');
  const more = gone.length > MOST_GONE ? ` and ${gone.length - MOST_GONE} more` : '';
  return `Gone since an earlier run of this pull request, because they were removed or accepted: ${ids}${more}.`;
}

function howToAccept(open: readonly Finding[]): string[] {
  const ids = open.slice(0, COMMANDS).map(({ id }) => cleanId(id));
  return [
    '<details>',
    '<summary>How to accept a finding</summary>',
    '',
    'A secret that was pushed is known to others: revoke it first. If a finding is wrong or accepted, say so once, with the reason, on the',
    'base branch: a pull request cannot silence its own finding.',
    '',
    '```sh',
    ...ids.map((id) => `bowerbird ignore ${id} --reason "why"`),
    '```',
    '',
    'or, the same by hand, a line in `.bowerbirdignore`:',
    '',
    '```text',
    ...ids.map((id) => `${id} reason="why"`),
    '```',
    '',
    '</details>',
  ];
}

/** Ids are made by us; whatever else came here could not leave a code block. */
function cleanId(id: string): string {
  return id.replace(/[^0-9A-Za-z-]/g, '');
}

/**
 * Any text as a code span that fits into a table cell: nothing in it formats, links, mentions or names an issue.
 * Backticks and pipes would end it, so they are replaced by characters that look alike.
 */
export function codeSpan(text: string): string {
  const clean = cleanText(text).replace(/`/g, "'").replace(/\|/g, '¦').trim();
  const short =
    clean.length > CELL_LENGTH ? `${clean.slice(0, CELL_LENGTH - 1).replace(/[\ud800-\udbff]$/, '')}…` : clean;
  return `\`${short === '' ? '-' : short}\``;
}

function countOf(count: number, singular: string): string {
  return `${count} ${count === 1 ? singular : `${singular}s`}`;
}

const ORDER: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'none'];

/** Findings that nobody has accepted and that are no placeholders, worst first. */
export function listOpen(report: Report): Finding[] {
  return report.findings
    .filter(
      (finding) => finding.suppression === undefined && (finding.kind === 'posture' || finding.grade === 'secret'),
    )
    .sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) || b.score.value - a.score.value);
}
