import { cleanText } from '../../lib/text/terminal.ts';
import type { Finding } from '../../model/finding.ts';
import type { Coverage } from '../../model/gap.ts';
import type { PrivilegeTier } from '../../model/identity.ts';
import type { Location } from '../../model/location.ts';
import type { Report } from '../../model/report.ts';
import type { Verdict } from '../../model/verdict.ts';
import { isPlaceholder, isPresent, openFindings, SEVERITIES } from './findings.ts';

/** `1 file`, `2 files`, `1,204 files`. */
export function countOf(count: number, singular: string, many = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : many}`;
}

/** Groups of three digits with commas, in every locale. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** Decimal units with one digit after the point from a kilobyte on. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${BYTE_UNITS[unit]}`;
}

/** `2026-11-22` of an ISO date; other text as it is. */
export function formatDay(date: string): string {
  return /^\d{4}-\d{2}-\d{2}T/.test(date) ? date.slice(0, 10) : cleanText(date);
}

/**
 * `src/a.ts:3:7`, with the cell of a notebook, and with the commit where the place is not in the tree any more.
 * `repositories` are those of the report: with more than one, the place names its own.
 */
export function describePlace(location: Location, repositories: readonly string[]): string {
  const spot = `${cleanText(location.path)}:${location.startLine}:${location.startColumn}`;
  const details = [
    describeRepository(location, repositories),
    describePart(location),
    location.cell === undefined ? '' : `cell ${location.cell}`,
    describeCommit(location),
    describeDecoding(location),
  ];
  const text = details.filter((detail) => detail !== '').join('; ');
  return text === '' ? spot : `${spot} (${text})`;
}

function describeRepository({ repository }: Location, repositories: readonly string[]): string {
  return repository === undefined || repositories.length < 2 ? '' : `in ${cleanText(repository)}`;
}

function describePart({ part }: Location): string {
  return part === undefined || part === 'content' || part === 'text' ? '' : part.replace('-', ' ');
}

function describeCommit(location: Location): string {
  if (location.commit === undefined || isPresent(location)) return '';
  const commit = `commit ${cleanText(location.commit).slice(0, 10)}`;
  const unreached = location.reachable === false ? ', reached by no ref' : '';
  return `${commit}${unreached}`;
}

function describeDecoding({ decoded }: Location): string {
  return decoded === undefined || decoded.length === 0 ? '' : `decoded: ${decoded.map(cleanText).join(' > ')}`;
}

const TIERS: Readonly<Record<PrivilegeTier, string>> = {
  0: 'can become administrator',
  1: 'writes to production or everything',
  2: 'writes, or reads sensitive data',
  3: 'reads',
  4: 'test only',
};

/** What a privilege tier means. */
export function describeTier(tier: PrivilegeTier): string {
  return TIERS[tier];
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  ai: 'AI',
  api: 'API',
  gcp: 'GCP',
  github: 'GitHub',
  azure: 'Azure',
  iam: 'IAM',
  k8s: 'Kubernetes',
  mcp: 'MCP',
  oauth: 'OAuth',
  oidc: 'OIDC',
  pat: 'personal access token',
  sa: 'service account',
  ssh: 'SSH',
  url: 'URL',
};

/** `iam_user` as words: `IAM user`. */
export function describeType(type: string): string {
  return cleanText(type)
    .split(/[_-]/)
    .map((word) => TYPE_WORDS[word] ?? word)
    .join(' ');
}

/** What the live check said, as the end of a sentence. */
export function describeVerdict(verdict: Verdict): string {
  if (verdict.state === 'not-tried') return 'not checked live';
  const when = verdict.checkedAt === undefined ? '' : `, checked ${formatDay(verdict.checkedAt)}`;
  const state = verdict.state === 'not-verifiable' ? 'cannot be checked live' : verdict.state;
  return `${state} (${cleanText(verdict.reason)}${when})`;
}

/** `2 critical, 1 low`. Severities without a finding are left out. */
export function describeSeverities(findings: readonly Finding[]): string {
  const parts = SEVERITIES.map((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? '' : `${formatCount(count)} ${severity === 'none' ? 'without severity' : severity}`;
  });
  return parts.filter((part) => part !== '').join(', ');
}

/** Whether everything that was planned was read. Says nothing about an allowed budget of gaps. */
export function isComplete(report: Report): boolean {
  const { summary, coverage } = report;
  return (
    summary.state !== 'incomplete' &&
    summary.gaps === 0 &&
    coverage.length > 0 &&
    coverage.every((line) => line.state === 'ok' && line.gaps.length === 0 && line.moreGaps === 0)
  );
}

/** The one sentence about the run. It says "clean" only if everything was read and nothing was found. */
export function describeOutcome(report: Report): string {
  const open = openFindings(report);
  const summary =
    open.length === 0 ? 'no findings' : `${countOf(open.length, 'finding')} (${describeSeverities(open)})`;
  if (report.summary.state === 'incomplete') return describeIncomplete(report, summary);
  if (!isComplete(report)) {
    const allowed = report.summary.state === 'clean' ? ' within the allowed budget' : '';
    return `${capitalise(summary)} in what was read, ${countOf(countGaps(report), 'gap')}${allowed}. Not everything was looked at.`;
  }
  if (open.length > 0 && report.summary.state === 'clean') return `${capitalise(summary)}, all below the threshold.`;
  return open.length > 0
    ? `${capitalise(summary)}.`
    : `Clean: no findings in ${describeScanned(report)}${describeEarlier(report)}.`;
}

/** What an incremental run says about what it did not read itself. Empty if it read everything. */
function describeEarlier(report: Report): string {
  const line = report.coverage.find((entry) => entry.facts['incremental'] === true);
  const { since = '' } = line?.facts ?? {};
  return line === undefined ? '' : `, nor in what was scanned until ${since}`;
}

function describeIncomplete(report: Report, summary: string): string {
  if (report.coverage.length === 0)
    return `Incomplete: nothing was scanned; ${summary}. This says nothing about the target.`;
  const gaps = countOf(countGaps(report), 'gap');
  return `Incomplete: ${summary} in what was read, ${gaps} in what was not. Do not take this run as a pass.`;
}

/** Gaps of all scopes, the listed and the ones that were only counted. */
export function countGaps(report: Report): number {
  let count = 0;
  for (const line of report.coverage) count += line.gaps.length + line.moreGaps;
  return Math.max(count, report.summary.gaps);
}

/** `1,204 files and 52,000 blobs`: what was read, by unit. */
export function describeScanned(report: Report): string {
  const units = new Map<string, number>();
  for (const line of report.coverage) units.set(line.unit, (units.get(line.unit) ?? 0) + line.scanned);
  const parts = [...units].map(([unit, count]) => `${formatCount(count)} ${unit}`);
  return joinWords(parts.length === 0 ? ['nothing'] : parts);
}

/** `a, b and c`. */
export function joinWords(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** First letter in upper case. */
export function capitalise(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** What does not count, for the foot of a list: placeholders and accepted findings. */
export function describeQuiet(report: Report): string {
  const placeholders = report.findings.filter((finding) => !finding.suppression && isPlaceholder(finding)).length;
  const suppressed = report.findings.filter((finding) => finding.suppression).length;
  const parts = [
    placeholders === 0 ? '' : countOf(placeholders, 'placeholder'),
    suppressed === 0 ? '' : countOf(suppressed, 'accepted finding'),
  ];
  return joinWords(parts.filter((part) => part !== ''));
}

/** What is wrong with an entry of an ignore file or baseline. */
export const STALE_WORDS = {
  unused: 'matches nothing any more: remove it',
  expired: 'has expired: its finding counts again',
  'expires-soon': 'expires soon',
} as const;

/** `4 skipped: 3 empty, 1 symlink`, over some scopes. Empty where nothing was skipped. */
export function describeSkipped(lines: readonly Coverage[]): string {
  const counts = new Map<string, number>();
  for (const { skipped } of lines) {
    for (const [reason, count] of Object.entries(skipped)) counts.set(reason, (counts.get(reason) ?? 0) + count);
  }
  const entries = [...counts].filter(([, count]) => count > 0);
  if (entries.length === 0) return '';
  let total = 0;
  for (const [, count] of entries) total += count;
  const reasons = entries.map(([reason, count]) => `${formatCount(count)} ${reason}`).join(', ');
  const notRead = lines.flatMap(({ facts }) => facts['notRead'] ?? []).join(', ');
  return `${formatCount(total)} skipped: ${reasons}${notRead === '' ? '' : ` (${notRead})`}`;
}

/** Full commit ids cut to ten characters: enough to find one, short enough to read. */
export function shortenIds(text: string): string {
  return text.replace(/\b([0-9a-f]{10})[0-9a-f]{30}(?:[0-9a-f]{24})?\b/g, '$1');
}

/** Name of each scope, in order: target and scope, and the collector where these are not enough to tell two apart. */
export function nameScopes(coverage: readonly Coverage[]): string[] {
  const plain = coverage.map(({ target, scope }) => {
    return shortenIds(target.startsWith(`${scope}:`) ? target : `${target} ${scope}`);
  });
  const uses = new Map<string, number>();
  for (const name of plain) uses.set(name, (uses.get(name) ?? 0) + 1);
  return plain.map((name, index) => (uses.get(name) === 1 ? name : `${name} (${coverage[index]?.collector})`));
}

/** `12 binary files, 1.2 MB: scanned without the rules that go by words`; empty where there are none. */
export function describeBinary({ facts, unit }: Coverage): string {
  const [count, bytes] = [Number(facts['binary'] ?? 0), Number(facts['binaryBytes'] ?? 0)];
  if (count === 0) return '';
  return `${countOf(count, `binary ${unit.replace(/s$/, '')}`)}, ${formatBytes(bytes)}: scanned without the rules that go by words`;
}
