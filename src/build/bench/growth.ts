import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { knownNames } from '../../engine/known-names.ts';
import type { CompiledRule } from '../../model/rule.ts';
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
 * Scans the same texts with 200 rules and with 2,000, in turns, in this thread: what more rules cost the detector. The 200 are
 * spread over the catalogue; the 2,000 are the whole catalogue and made-up rules of providers.
 */
export async function measureGrowth(root: string, folder: string, input: string): Promise<Growth> {
  const { detection } = await loadCatalogue({ builtinDir: join(root, 'rules'), known: knownNames() });
  const few = spread(detection, SMALL);
  const many = [...detection, ...makeMore(detection, LARGE - detection.length)];
  const corpus = readTexts(folder).map((bytes) => ({ origin: { collector: 'bench', path: 'text' }, bytes }));
  const [small, large] = await compareCatalogues([few, many], corpus, { now: readCpu, rounds: ROUNDS });
  return {
    input,
    small: { rules: few.length, cpu: small?.milliseconds ?? Number.NaN },
    large: { rules: many.length, cpu: large?.milliseconds ?? Number.NaN },
  };
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
