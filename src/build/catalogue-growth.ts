import { join } from 'node:path';
import { knownNames } from '../engine/plan/known-names.ts';
import type { CompiledRule } from '../model/rule.ts';
import { readRules } from '../model/rule-head.ts';
import { loadCatalogue } from '../ruleset/index.ts';
import { type CatalogueCost, compareCatalogues, makeVendorRules } from './bench/catalogue.ts';
import { makeCorpus } from './budget/corpus.ts';

const SMALL = 200;
const LARGE = 2000;
const ROUNDS = 30;
const PERCENT = 100;

/**
 * `node src/build/run.mjs catalogue-growth`: how much longer a scan takes with 2,000 rules than with 200, and with
 * 2,000 more than our own. Times are of one run, in turn.
 */
export async function run(root: string, _args: readonly string[]): Promise<number> {
  const catalogue = await loadCatalogue({ builtinDir: join(root, 'rules'), known: knownNames() });
  const detection = readRules(catalogue.detection);
  const made = makeVendorRules(LARGE, detection[0] as CompiledRule);
  const catalogues = [made.slice(0, SMALL), made, detection, [...detection, ...made]];
  const costs = await compareCatalogues(catalogues, makeCorpus(root), { now: () => performance.now(), rounds: ROUNDS });
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |\n`;
  process.stdout.write(
    line(['rules', 'literals', 'states', 'table KB', 'near %', 'hits', 'looked at', 'pattern runs', 'ms']),
  );
  process.stdout.write(line(Array<string>(9).fill('---')));
  for (const cost of costs) process.stdout.write(line(cellsOf(cost)));
  const [small, large, own, more] = costs.map((cost) => cost.milliseconds);
  process.stdout.write(
    `\n${SMALL} to ${LARGE} rules: ${ratio(large, small)} times; ${LARGE} more than our own: ${ratio(more, own)} times\n`,
  );
  return 0;
}

function cellsOf(cost: CatalogueCost): readonly (string | number)[] {
  const { rules, literals, states, tableBytes, nearLookups, literalHits, passedHits, patternRuns, milliseconds } = cost;
  return [
    rules,
    literals,
    states,
    Math.round(tableBytes / 1024),
    (nearLookups * PERCENT).toFixed(1),
    literalHits,
    passedHits,
    patternRuns,
    milliseconds.toFixed(1),
  ];
}

function ratio(a = 0, b = 1): string {
  return (a / b).toFixed(2);
}
