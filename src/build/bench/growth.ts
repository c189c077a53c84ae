import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { knownNames } from '../../engine/plan/known-names.ts';
import type { CompiledRule } from '../../model/rule.ts';
import { readRules } from '../../model/rule-head.ts';
import { loadCatalogue } from '../../ruleset/index.ts';
import { compareCatalogues, makeVendorRules } from './catalogue.ts';
import { listFiles } from './folder.ts';
import type { Growth } from './model.ts';

const SMALL = 200;
const LARGE = 2000;
const ROUNDS = 5;
/** Bytes of text that are held in memory for the comparison. */
const MOST_BYTES = 20_000_000;
const LARGEST_FILE = 1_000_000;

/**
 * Scans the same texts with few rules and with 2,000, in turns, in this thread: what more rules cost the detector. Both
 * begin with the same rules, 200 spread over the catalogue or all of it, and the many are those and made-up ones of
 * providers: which of our own rules are among the few would say more about these than about their number.
 */
export async function measureGrowth(root: string, folder: string, input: string): Promise<Growth> {
  const catalogue = await loadCatalogue({ builtinDir: join(root, 'rules'), known: knownNames() });
  const detection = readRules(catalogue.detection);
  const starts = [
    { of: `${SMALL} of our own, spread over the catalogue`, few: spread(detection, SMALL) },
    { of: 'all of our own', few: detection },
  ];
  const pairs = starts.map(({ few }) => [few, [...few, ...makeMore(detection, LARGE - few.length)]] as const);
  const corpus = readTexts(folder).map((bytes) => ({ origin: { collector: 'bench', path: 'text' }, bytes }));
  const costs = await compareCatalogues(pairs.flat(), corpus, { now: readCpu, rounds: ROUNDS });
  const sizeOf = (index: number) => ({
    rules: costs[index]?.rules ?? Number.NaN,
    cpu: costs[index]?.milliseconds ?? Number.NaN,
  });
  return { input, steps: starts.map(({ of }, i) => ({ of, small: sizeOf(2 * i), large: sizeOf(2 * i + 1) })) };
}

/** CPU milliseconds of this process. */
function readCpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function makeMore([model]: readonly CompiledRule[], count: number): readonly CompiledRule[] {
  return model === undefined || count <= 0 ? [] : makeVendorRules(count, model);
}

/** Files spread evenly over the folder, up to the bytes that are held. */
function readTexts(folder: string): readonly Uint8Array[] {
  const files = [...listFiles(folder)].map((path) => ({ path, size: statSync(path).size }));
  const ordinary = files.filter(({ size }) => size <= LARGEST_FILE);
  let bytes = 0;
  for (const { size } of ordinary) bytes += size;
  const step = Math.max(1, Math.ceil(bytes / MOST_BYTES));
  return ordinary.filter((_, index) => index % step === 0).map(({ path }) => readFileSync(path));
}

function spread<T>(list: readonly T[], most: number): readonly T[] {
  const place = (index: number): number => Math.floor((index * most) / list.length);
  return list.filter((_, index) => place(index) !== place(index - 1));
}
