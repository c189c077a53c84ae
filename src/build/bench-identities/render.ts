import type { Comparison, Pair, Specialist } from './model.ts';

const PERCENT = 100;

/** The comparison with one specialist as Markdown: figures, differences, what counts and what does not. */
export function render(specialist: Specialist, comparisons: readonly Comparison[]): string {
  return [
    `## ${specialist.name} ${specialist.version}`,
    '',
    ...comparisons.flatMap((comparison) => renderScope(specialist, comparison)),
    '### What counts',
    '',
    '| check | rules that say the same |',
    '|---|---|',
    ...Object.entries(specialist.checks).map(([check, rules]) => `| ${check} | ${rules.join(', ')} |`),
    '',
    '### What is left out',
    '',
    '| check | reason |',
    '|---|---|',
    ...specialist.leftOut.map(({ check, reason }) => `| ${check} | ${reason} |`),
    '',
  ].join('\n');
}

/** Scopes with fewer pairs than the full inputs give. Their figures say nothing. */
export function findShort(specialist: Specialist, comparisons: readonly Comparison[]): string[] {
  return comparisons
    .map(({ scope, expected }) => ({ scope, count: splitPairs(specialist, expected).counted.length }))
    .filter(({ scope, count }) => count < scope.least)
    .map(({ scope, count }) => `${scope.title}: ${count} pairs, at least ${scope.least} are expected`);
}

/** Pairs that count, and those that are proved wrong. */
function splitPairs(
  { disprove }: Specialist,
  pairs: readonly Pair[],
): Readonly<Record<'counted' | 'wrong', readonly Pair[]>> {
  const isWrong = (pair: Pair): boolean => disprove?.(pair) !== undefined;
  return { counted: pairs.filter((pair) => !isWrong(pair)), wrong: pairs.filter(isWrong) };
}

function renderScope(specialist: Specialist, comparison: Comparison): string[] {
  const { scope, flagged, good } = comparison;
  const { counted: expected, wrong } = splitPairs(specialist, comparison.expected);
  const { counted: found } = splitPairs(specialist, comparison.found);
  const { counted: flags, wrong: bad } = splitPairs(specialist, flagged ?? []);
  const checks = [...new Set(expected.map(({ check }) => check))].sort();
  const count = (pairs: readonly Pair[], check: string): number => pairs.filter((pair) => pair.check === check).length;
  const row = (name: string, yes: number, all: number): string => `| ${name} | ${yes} | ${all} | ${share(yes, all)} |`;
  return [
    `### ${scope.title}`,
    '',
    '| check | found | expected | recall |',
    '|---|---|---|---|',
    ...checks.map((check) => row(check, count(found, check), count(expected, check))),
    row('all', found.length, expected.length),
    '',
    ...(good === undefined ? [] : [`Flags on what it holds for good: ${flags.length} of ${good - bad.length}.`, '']),
    ...(wrong.length + bad.length === 0
      ? []
      : [`Pairs of it that are proved wrong, and do not count: ${wrong.length + bad.length}.`, '']),
    ...renderDifferences(specialist, comparison),
  ];
}

function renderDifferences({ explain, disprove }: Specialist, { expected, found, flagged }: Comparison): string[] {
  const known = new Set(found.map(keyOf));
  const missed = expected.filter((pair) => !known.has(keyOf(pair)));
  const rows = [
    ...missed.map((pair) => `| missed | ${describe(pair)} | ${disprove?.(pair) ?? explain(pair) ?? ''} |`),
    ...(flagged ?? []).map((pair) => `| flagged | ${describe(pair)} | ${disprove?.(pair) ?? explain(pair) ?? ''} |`),
  ];
  if (rows.length === 0) return [];
  return ['| difference | check | input | place | reason |', '|---|---|---|---|---|', ...rows, ''];
}

function describe({ check, input, place }: Pair): string {
  return `${check} | ${input} | ${place}`;
}

function keyOf(pair: Pair): string {
  return JSON.stringify([pair.input, pair.check, pair.place]);
}

function share(yes: number, all: number): string {
  return all === 0 ? '-' : `${((yes / all) * PERCENT).toFixed(1)} %`;
}
