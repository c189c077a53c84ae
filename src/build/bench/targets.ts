import { type Figures, findFigures, findLeastRatio } from './figures.ts';
import { BARE_NODE, BOWERBIRD, type CheckResults, type Section, type Target, type Work } from './model.ts';

/** The targets speak of 20,000 commits and 80,000 files; inputs from these sizes on are counted as such. */
const LARGE_COMMITS = 19_000;
const LARGE_FILES = 75_000;

const HISTORY_RATIOS = { gitleaks: 5, trufflehog: 5, betterleaks: 2, kingfisher: 1 } as const;
const TREE_RATIOS = { gitleaks: 3, kingfisher: 1 } as const;

/** Start of bare Node (ms) on the machine for which the staged target was set: it scales with the machine. */
const REFERENCE_NODE = 22;
const STAGED_MOST = 80;
const INCREMENTAL_MOST = 500;
const MEMORY_MOST = 500_000_000;
const GROWTH_MOST = 1.2;
const EQUAL_HISTORIES = 5;

/** Compares sections and checks with the targets. A target without the runs it needs is "not measured". */
export function evaluateTargets(sections: readonly Section[], checks: CheckResults = {}): readonly Target[] {
  const histories = sections.filter(({ work, facts }) => work === 'history' && (facts.commits ?? 0) >= LARGE_COMMITS);
  const trees = sections.filter(({ work, facts }) => work === 'tree' && (facts.files ?? 0) >= LARGE_FILES);
  return [
    ...Object.entries(HISTORY_RATIOS).flatMap(([peer, ratio]) =>
      compareRatios('whole history, 20,000 commits', histories, peer, ratio),
    ),
    ...Object.entries(TREE_RATIOS).flatMap(([peer, ratio]) => compareRatios('tree, 80,000 files', trees, peer, ratio)),
    ...compareStaged(sections),
    ...compareIncremental(sections),
    ...compareMemory(histories),
    judgeGrowth(checks.growth),
    judgeEquality(checks.equality),
  ];
}

function compareRatios(work: string, sections: readonly Section[], peer: string, ratio: number): readonly Target[] {
  const target = `${peer} takes at least ${ratio}x the time`;
  return eachSection(work, target, sections, (section) => {
    const measured = findFigures(section, peer)?.wallRatio;
    if (measured !== undefined) return { measured: `${measured.toFixed(2)}x`, met: measured >= ratio };
    const least = findLeastRatio(section, peer);
    return least !== undefined && least >= ratio ? { measured: `over ${least.toFixed(2)}x`, met: true } : undefined;
  });
}

type Verdict = { readonly measured: string; readonly met: boolean } | undefined;

/** One row for each section; one that says "not measured" when there is none. */
function eachSection(
  work: string,
  target: string,
  sections: readonly Section[],
  judge: (section: Section) => Verdict,
): readonly Target[] {
  if (sections.length === 0) return [{ work, target, measured: '-', met: 'not measured' }];
  return sections.map((section) => {
    const verdict = judge(section);
    const name = `${work}: ${section.input}`;
    if (verdict === undefined) return { work: name, target, measured: '-', met: 'not measured' };
    return { work: name, target, measured: verdict.measured, met: verdict.met ? 'yes' : 'no' };
  });
}

const ofWork = (sections: readonly Section[], work: Work): readonly Section[] =>
  sections.filter((section) => section.work === work);

function findStart(sections: readonly Section[], name: string): Figures | undefined {
  const start = ofWork(sections, 'start')[0];
  return start && findFigures(start, name);
}

function compareStaged(sections: readonly Section[]): readonly Target[] {
  const node = findStart(sections, BARE_NODE)?.median;
  const most = node === undefined ? undefined : (STAGED_MOST * node) / REFERENCE_NODE;
  const limit = `median under ${STAGED_MOST} ms where bare node takes ${REFERENCE_NODE} ms`;
  const staged = ofWork(sections, 'staged');
  return [
    ...eachSection('staged, 3 files', 'faster than every peer', staged, judgeFastest),
    ...eachSection('staged, 3 files', limit, staged, (section) => {
      const median = findFigures(section, BOWERBIRD)?.median;
      if (median === undefined || most === undefined) return undefined;
      return { measured: `${median.toFixed(0)} ms of ${most.toFixed(0)} ms here`, met: median < most };
    }),
  ];
}

function judgeFastest(section: Section): Verdict {
  const own = findFigures(section, BOWERBIRD)?.median;
  const others = section.rows.flatMap((row) => {
    const median = row.peer === BOWERBIRD ? undefined : findFigures(section, row.peer)?.median;
    return median === undefined ? [] : [{ peer: row.peer, median }];
  });
  const fastest = others.sort((a, b) => a.median - b.median)[0];
  if (own === undefined || fastest === undefined) return undefined;
  return {
    measured: `${own.toFixed(0)} ms; ${fastest.peer} ${fastest.median.toFixed(0)} ms`,
    met: own < fastest.median,
  };
}

function compareIncremental(sections: readonly Section[]): readonly Target[] {
  const start = findStart(sections, BOWERBIRD)?.median;
  return eachSection(
    '30 new commits',
    'under 0.5 s beyond process start',
    ofWork(sections, 'incremental'),
    (section) => {
      const median = findFigures(section, BOWERBIRD)?.median;
      if (median === undefined || start === undefined) return undefined;
      const beyond = median - start;
      return { measured: `${beyond.toFixed(0)} ms`, met: beyond < INCREMENTAL_MOST };
    },
  );
}

/** The largest history is the one with most bytes. */
function compareMemory(histories: readonly Section[]): readonly Target[] {
  const largest = [...histories].sort((a, b) => (b.facts.bytes ?? 0) - (a.facts.bytes ?? 0)).slice(0, 1);
  const work = 'peak memory, largest history';
  const own = largest[0] && findFigures(largest[0], BOWERBIRD)?.peak;
  const below = (peer: string): readonly Target[] =>
    eachSection(work, `below ${peer}`, largest, (section) => {
      const peak = findFigures(section, peer)?.peak;
      if (own === undefined || peak === undefined) return undefined;
      return { measured: `${toMegabytes(own)} MB; ${peer} ${toMegabytes(peak)} MB`, met: own < peak };
    });
  const ceiling = eachSection(work, 'under 500 MB', largest, () =>
    own === undefined ? undefined : { measured: `${toMegabytes(own)} MB`, met: own < MEMORY_MOST },
  );
  return [...ceiling, ...below('kingfisher'), ...below('trufflehog')];
}

function judgeGrowth(growth: CheckResults['growth']): Target {
  const row = { work: 'catalogue from 200 to 2,000 rules', target: `at most ${GROWTH_MOST}x the time` };
  if (growth === undefined) return { ...row, measured: '-', met: 'not measured' };
  const ratios = growth.steps.map(({ small, large }) => ({ from: small.rules, ratio: large.cpu / small.cpu }));
  const measured = ratios.map(({ from, ratio }) => `${ratio.toFixed(2)}x from ${from}`).join('; ');
  return { ...row, measured, met: ratios.every(({ ratio }) => ratio <= GROWTH_MOST) ? 'yes' : 'no' };
}

function judgeEquality(results: CheckResults['equality']): Target {
  const row = {
    work: 'fast path against reference path',
    target: `no finding lost or gained in ${EQUAL_HISTORIES} histories`,
  };
  if (results === undefined || results.length === 0) return { ...row, measured: '-', met: 'not measured' };
  const sum = { lost: 0, gained: 0 };
  for (const result of results) {
    sum.lost += result.lost;
    sum.gained += result.gained;
  }
  const isMet = sum.lost + sum.gained === 0 && results.length >= EQUAL_HISTORIES;
  const measured = `${sum.lost} lost, ${sum.gained} gained in ${results.length} histories`;
  return { ...row, measured, met: isMet ? 'yes' : 'no' };
}

const toMegabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(0);
