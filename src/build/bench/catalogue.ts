import type { Automaton } from '../../detect/automaton/build.ts';
import { compilePack } from '../../detect/fast/compile-pack.ts';
import { Counters } from '../../detect/fast/counters.ts';
import type { Pack } from '../../detect/fast/pack.ts';
import { createFastDetector } from '../../detect/fast.ts';
import { BASE62, createRandom, DIGITS, LOWER, type Random } from '../../lib/template/random.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { CompiledRule } from '../../model/rule.ts';
import { headOf } from '../../model/rule-head.ts';

/** What a catalogue of some size costs on one corpus. */
export interface CatalogueCost {
  readonly rules: number;
  readonly literals: number;
  readonly states: number;
  /** Bytes of the automaton's table. */
  readonly tableBytes: number;
  /** Share of the look-ups that fall on its busiest cache lines, as many as a first-level cache holds. */
  readonly nearLookups: number;
  readonly literalHits: number;
  readonly passedHits: number;
  /** Runs of programs and calls of expressions. */
  readonly patternRuns: number;
  /** Of the fastest round; 0 without a clock. */
  readonly milliseconds: number;
}

/** Made-up rules as those of providers are: a prefix and a run of one alphabet, closed at both ends. */
export function makeVendorRules(count: number, model: CompiledRule): readonly CompiledRule[] {
  const random = createRandom('catalogue');
  return Array.from({ length: count }, (_, index) => {
    const { context, companions: _companions, ...plain } = model;
    const id = `${model.provider}-made-${index}`;
    return { ...plain, id, pattern: makePattern(random), ignoreCase: false, literals: [], companions: [], checks: [] };
  });
}

const RUNS = [
  '[0-9a-f]{32}',
  '[0-9A-Za-z]{36}',
  '[0-9a-f]{40}',
  '[0-9A-Za-z_-]{43}',
  '[A-Z2-7]{26}',
  '[0-9A-Za-z]{20,60}',
];
const ENDINGS = ['_', '-', '.', '_live_', '_test_', '-v1-', '_pat_', '_sk_', ''];

function makePattern(random: Random): string {
  const name = random.text(random.integer(3) === 0 ? LOWER + DIGITS : LOWER, 3 + random.integer(5));
  const ending = ENDINGS[random.integer(ENDINGS.length)] ?? '';
  const prefix = ending === '' ? random.text(BASE62, 5) : name + ending.replace('.', '\\.');
  return `(?<![0-9A-Za-z_])(?<secret>${prefix}${RUNS[random.integer(RUNS.length)]})(?![0-9A-Za-z_])`;
}

/** Passes of one catalogue in a row: the first brings its table back into the cache, which a scan does once. */
const PASSES = 4;

/**
 * Counts the work of catalogues on one corpus, and with a clock takes times: the rounds of the catalogues in turn, so
 * that a busy machine slows all of them alike.
 */
export async function compareCatalogues(
  catalogues: readonly (readonly CompiledRule[])[],
  corpus: readonly Artifact[],
  clock?: { readonly now: () => number; readonly rounds: number },
): Promise<readonly CatalogueCost[]> {
  const entries = await Promise.all(catalogues.map((rules) => prepare(rules, corpus)));
  const best = entries.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; clock !== undefined && round < clock.rounds; round++) {
    for (const [index, { scanAll }] of entries.entries()) {
      for (let pass = 0; pass < PASSES; pass++) {
        const started = clock.now();
        scanAll();
        best[index] = Math.min(best[index] as number, clock.now() - started);
      }
    }
  }
  return entries.map(({ cost }, index) => ({
    ...cost,
    milliseconds: clock === undefined ? 0 : (best[index] as number),
  }));
}

async function prepare(rules: readonly CompiledRule[], corpus: readonly Artifact[]) {
  const pack = await compilePack(rules);
  const counters = new Counters();
  const counting = await createFastDetector(rules.map(headOf), { pack, counters });
  for (const artifact of corpus) counting.scan(artifact);
  const plain = await createFastDetector(rules.map(headOf), { pack });
  const scanAll = (): void => {
    for (const artifact of corpus) plain.scan(artifact);
  };
  const nearLookups = shareNear(pack.automaton, corpus);
  return { cost: { ...describe(rules, pack, counters), nearLookups }, scanAll };
}

/** Entries of the table in one cache line (64 bytes), as a power of two, and lines in a cache of 32 KB. */
const LINE_SHIFT = 5;
const LINES = 512;

function shareNear({ classes, table, shift, base, root }: Automaton, corpus: readonly Artifact[]): number {
  const lookups = new Uint32Array((table.length >> LINE_SHIFT) + 1);
  let total = 0;
  for (const { bytes } of corpus) {
    let state = root;
    for (const byte of bytes) {
      const entry = ((state - base) << shift) + (classes[byte] as number);
      lookups[entry >> LINE_SHIFT] = (lookups[entry >> LINE_SHIFT] as number) + 1;
      state = table[entry] as number;
    }
    total += bytes.length;
  }
  let near = 0;
  for (const count of lookups.sort().subarray(-LINES)) near += count;
  return near / total;
}

type Counted = Omit<CatalogueCost, 'milliseconds' | 'nearLookups'>;

function describe(rules: readonly CompiledRule[], pack: Pack, counters: Counters): Counted {
  const { table, shift } = pack.automaton;
  let patternRuns = 0;
  for (const row of counters.rows) patternRuns += row.regexCalls + row.programRuns;
  return {
    rules: rules.length,
    literals: pack.literalLengths.length,
    states: table.length >> shift,
    tableBytes: table.byteLength,
    literalHits: counters.hits,
    passedHits: counters.passedHits,
    patternRuns,
  };
}
