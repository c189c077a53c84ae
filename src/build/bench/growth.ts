import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Detector } from '../../detect/contract.ts';
import { createFastDetector } from '../../detect/fast.ts';
import { knownNames } from '../../engine/known-names.ts';
import { expandTemplate } from '../../lib/template.ts';
import type { CompiledRule } from '../../model/rule.ts';
import { loadCatalogue } from '../../ruleset/index.ts';
import { listFiles } from './folder.ts';
import type { Growth } from './model.ts';

const SMALL = 200;
const LARGE = 2000;
const ROUNDS = 3;
/** Bytes of text that are held in memory for the comparison. */
const MOST_BYTES = 20_000_000;
const LARGEST_FILE = 1_000_000;
/** Bytes that one time is taken over: a small input is scanned again and again. */
const ENOUGH_BYTES = 20_000_000;

/**
 * Scans the same texts with 200 rules and with 2,000, in turns, in this thread: what more rules cost the detector. The 2,000 are
 * the whole catalogue and made-up rules of the usual shapes: a prefix and a value, or a provider's name, a sign and a value.
 */
export async function measureGrowth(root: string, folder: string, input: string): Promise<Growth> {
  const { detection } = await loadCatalogue({ builtinDir: join(root, 'rules'), known: knownNames() });
  const texts = readTexts(folder);
  const few = spread(detection, SMALL);
  const many = [...detection, ...makeRules(detection, LARGE - detection.length)];
  const small = await createFastDetector(few);
  const large = await createFastDetector(many);
  const times: { small: number[]; large: number[] } = { small: [], large: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    times.small.push(timeScan(small, texts));
    times.large.push(timeScan(large, texts));
  }
  return {
    input,
    small: { rules: few.length, cpu: Math.min(...times.small) },
    large: { rules: many.length, cpu: Math.min(...times.large) },
  };
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

/** CPU milliseconds of as many passes as make enough bytes. */
function timeScan(detector: Detector, texts: readonly Uint8Array[]): number {
  const before = process.cpuUsage();
  for (let bytes = 0; bytes < ENOUGH_BYTES; ) {
    const started = bytes;
    for (const text of texts) {
      detector.scan({ origin: { collector: 'bench', path: 'text' }, bytes: text });
      bytes += text.length;
    }
    if (bytes === started) break;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function spread<T>(list: readonly T[], most: number): readonly T[] {
  return list.filter(
    (_, index) => Math.floor((index * most) / list.length) !== Math.floor(((index - 1) * most) / list.length),
  );
}

/** Made-up rules, each with literals of its own. */
function makeRules(like: readonly CompiledRule[], count: number): readonly CompiledRule[] {
  const [model] = like;
  if (model === undefined || count <= 0) return [];
  return Array.from({ length: count }, (_item, index) => {
    const name = expandTemplate('{lower:7}', `bench/growth/${index}`);
    const prefixed = `(?<secret>${name.slice(0, 5)}_[0-9A-Za-z]{32})(?![0-9A-Za-z])`;
    const assigned = `${name}[^\\n]{0,20}[:=] {0,2}["']?(?<secret>[0-9a-f]{32})(?![0-9a-f])`;
    const { context: _context, paths: _paths, ...rest } = model;
    return {
      ...rest,
      id: `made-up-${index}`,
      pattern: index % 2 === 0 ? prefixed : assigned,
      ignoreCase: index % 2 === 1,
      literals: [],
      companions: [],
    };
  });
}
