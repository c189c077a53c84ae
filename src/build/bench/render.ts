import { type Figures, summarise } from './figures.ts';
import type { GrowthStep, Row, RuleCosts, Scoreboard, Section, Work } from './model.ts';

const COSTLIEST = 30;

const TITLES: Readonly<Record<Work, string>> = {
  history: 'Whole history',
  tree: 'Tree of files',
  staged: 'Staged: 3 files',
  incremental: 'Incremental: new commits only',
  start: 'Start',
};

/** The scoreboard as Markdown. */
export function renderScoreboard(board: Scoreboard): string {
  return [
    '# Scoreboard',
    '',
    'Written by `npm run bench`; how to read it: [README.md](README.md).',
    '',
    ...renderMachine(board),
    ...board.sections.flatMap(renderSection),
    ...(board.ruleCosts ?? []).flatMap(renderRuleCosts),
    ...renderGrowth(board),
    ...renderEquality(board),
    ...renderTargets(board),
  ].join('\n');
}

function renderMachine({ machine, peers, absent }: Scoreboard): readonly string[] {
  const memory = `${(machine.memory / 1024 ** 3).toFixed(0)} GiB`;
  return [
    `Machine: ${machine.cores} cores (${machine.cpu}), ${memory}, ${machine.system}, Node ${machine.node}.`,
    `Not installed: ${absent.length === 0 ? 'none' : absent.join(', ')}.`,
    '',
    ...renderTable(
      ['scanner', 'version', 'rules'],
      peers.map((peer) => [peer.name, peer.version, peer.rules === undefined ? '-' : formatCount(peer.rules)]),
    ),
  ];
}

const COLUMNS = [
  'scanner',
  'wall, min',
  'median',
  'CPU, min',
  'wall ratio',
  'CPU ratio',
  'peak memory',
  'speed',
  'findings',
  'distinct',
  'runs',
];

function renderSection(section: Section): readonly string[] {
  const title = section.input === '' ? TITLES[section.work] : `${TITLES[section.work]}: ${section.input}`;
  return [
    `## ${title}`,
    '',
    `${renderFacts(section)}${section.rounds} rounds on ${section.date} at commit ${section.commit}.`,
    '',
    ...renderTable(
      COLUMNS,
      section.rows.map((row) => renderRow(row, section)),
    ),
    '<details><summary>Commands</summary>',
    '',
    ...section.rows.filter((row) => row.command !== '').map((row) => `- \`${row.command}\``),
    '',
    '</details>',
    '',
  ];
}

function renderFacts({ facts }: Section): string {
  const parts: string[] = [];
  if (facts.commits !== undefined) parts.push(`${formatCount(facts.commits)} commits`);
  if (facts.objects !== undefined) parts.push(`${formatCount(facts.objects)} objects`);
  if (facts.packBytes !== undefined) parts.push(`${formatMegabytes(facts.packBytes)} on disk`);
  if (facts.files !== undefined) parts.push(`${formatCount(facts.files)} files`);
  if (facts.bytes !== undefined) parts.push(`${formatMegabytes(facts.bytes)} to scan`);
  return parts.length === 0 ? '' : `${parts.join(', ')}. `;
}

function renderRow(row: Row, section: Section): readonly string[] {
  const figures = summarise(row, section);
  if (figures === undefined) {
    const reason = row.outcome.state === 'measured' ? 'no run' : row.outcome.reason;
    return [
      row.peer,
      `${row.outcome.state === 'cannot' ? 'not possible' : 'failed'}: ${reason}`,
      ...COLUMNS.slice(2).map(() => ''),
    ];
  }
  const counts = row.outcome.state === 'measured' ? row.outcome.counts : undefined;
  return [
    row.peer,
    formatTime(figures.wall),
    formatTime(figures.median),
    orDash(figures.cpu, formatTime),
    orDash(figures.wallRatio, formatRatio),
    orDash(figures.cpuRatio, formatRatio),
    orDash(figures.peak, formatMegabytes),
    renderRate(figures),
    orDash(counts?.findings, formatCount),
    orDash(counts?.distinct, formatCount),
    String(figures.runs),
  ];
}

const renderRate = (figures: Figures): string => orDash(figures.rate, (rate) => `${formatMegabytes(rate)}/s`);

function orDash<T>(value: T | undefined, format: (value: T) => string): string {
  return value === undefined ? '-' : format(value);
}

/** What the rules cost, costliest first, with the sum of all. */
function renderRuleCosts({ input, bytes, hits: allHits, rules }: RuleCosts): readonly string[] {
  const megabytes = bytes / 1_000_000;
  const perMegabyte = (value: number): string => (value / megabytes).toFixed(2);
  const show = (name: string, hits: number, calls: number, time: number): readonly string[] => [
    name,
    perMegabyte(hits),
    perMegabyte(calls),
    perMegabyte(time),
  ];
  const sum = (key: 'calls' | 'time'): number => {
    let total = 0;
    for (const rule of rules) total += rule[key];
    return total;
  };
  const costliest = [...rules].sort((a, b) => b.time - a.time || b.hits - a.hits).slice(0, COSTLIEST);
  return [
    `## Cost of rules: ${input}`,
    '',
    `${formatMegabytes(bytes)} read on one thread; the ${costliest.length} costliest of ${rules.length} rules that had work, per MB.`,
    '',
    ...renderTable(
      ['rule', 'literal hits', 'regex calls', 'µs'],
      [
        ...costliest.map((rule) => show(rule.rule, rule.hits, rule.calls, rule.time)),
        show('all rules', allHits, sum('calls'), sum('time')),
      ],
    ),
  ];
}

function renderGrowth({ growth }: Scoreboard): readonly string[] {
  if (growth === undefined) return [];
  const start = growth.steps[0]?.small.cpu ?? Number.NaN;
  const rowOf = (what: string, { rules, cpu }: GrowthStep['small'], least: number): readonly string[] => [
    what,
    formatCount(rules),
    formatTime(cpu),
    formatRatio(cpu / least),
    formatRatio(cpu / start),
  ];
  return [
    `## Growth of the catalogue: ${growth.input}`,
    '',
    'CPU time of the detector alone, on the same texts in memory, on one thread.',
    '',
    ...renderTable(
      ['catalogue', 'rules', 'CPU, min', 'to the same without made-up rules', 'to the first'],
      growth.steps.flatMap(({ of, small, large }) => [
        rowOf(of, small, small.cpu),
        rowOf('the same and made-up ones', large, small.cpu),
      ]),
    ),
  ];
}

function renderEquality({ equality }: Scoreboard): readonly string[] {
  if (equality === undefined) return [];
  return [
    '## Fast path against reference path',
    '',
    ...renderTable(
      ['history', 'against', 'lost', 'gained', 'changed'],
      equality.map((one) => [one.input, one.against, ...[one.lost, one.gained, one.changed].map(String)]),
    ),
  ];
}

function renderTargets({ targets }: Scoreboard): readonly string[] {
  return [
    '## Targets',
    '',
    ...renderTable(
      ['work', 'target', 'measured', 'met'],
      targets.map((row) => [row.work, row.target, row.measured, row.met]),
    ),
  ];
}

function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}

const formatRatio = (ratio: number): string => `${ratio.toFixed(2)}x`;
const formatMegabytes = (bytes: number): string => `${formatCount(bytes / 1_000_000)} MB`;
const formatCount = (count: number): string =>
  count.toLocaleString('en-US', { maximumFractionDigits: count < 10 ? 1 : 0 });

function formatTime(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds.toFixed(0)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}
