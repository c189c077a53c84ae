import { getHeapStatistics } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError, UsageError } from '../../../src/model/errors.ts';
import { IN_LANE, triesWithin } from '../../property/runs.ts';
import { mutate, type Step, steps } from './mutate.ts';
import { expectNoSecret } from './secrets.ts';
import { watches } from './watches.ts';

/** Something that reads what others wrote. A parser joins with a few lines: seeds, pieces, and how it is called. */
export interface FuzzTarget {
  /** `decoder zip`, `collector terraform`: plug-ins by kind and id, all else in words. */
  readonly name: string;
  /** Small valid inputs. They are mutated, and spliced with each other. */
  readonly seeds: readonly (string | Uint8Array)[];
  /** Texts that mean something to the parser: inputs are also put together from these alone. */
  readonly pieces?: readonly string[];
  /**
   * Reads one input, and expects of the result what must hold for any input. Returns what a person would be shown of it,
   * in which no planted value may stand; undefined where nothing is shown.
   */
  readonly read: (input: Buffer) => unknown;
  /** Errors that it may throw beside `UsageError` and `ConfigError`: those that its callers expect. */
  readonly throws?: readonly (abstract new (
    ...args: never[]
  ) => Error)[];
  /** Tries in `npm test`, where a target is slow; default 5. */
  readonly tries?: number;
}

/** Any input ends within these. CPU time, since other processes may take the machine: milliseconds, and bytes. */
const LONGEST = 10_000;
const MOST_MEMORY = 400_000_000;

const TRIES = 5;
/** How often a target is tried in the fuzz lane, and for how long at most, milliseconds. */
const LANE_TRIES_PER_TRY = 1_600;
const LANE_MS = 4_000;
/** `FUZZ_SECONDS=60 PROPERTY_RUNS=4 npx vitest run test/fuzz` is the long run: so many seconds for each target. */
const LONG_MS = 1_000 * Number(process.env['FUZZ_SECONDS'] ?? 0);
const MOST_TRIES = 10_000_000;
const PIECES = [
  '\0',
  '\n',
  ' ',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  '(',
  ')',
  ':',
  ',',
  '\\',
  '\ufeff',
  '\ud800',
  '&a ',
  '*a',
];

/** One input, as fast-check makes and shrinks it. */
interface Sketch {
  readonly seed: number;
  readonly other: number;
  readonly steps: readonly Step[];
  /** Pieces in place of a mutated seed, by number; empty for a mutated seed. */
  readonly pieces: readonly number[];
}

const sketch: fc.Arbitrary<Sketch> = fc.record({
  seed: fc.nat(),
  other: fc.nat(),
  steps,
  pieces: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fc.nat(), { maxLength: 40 }) },
  ),
});

/** A test that fuzzes needs so much time, milliseconds. */
export const FUZZ_TIMEOUT = 120_000 + 4 * LONG_MS;

/** Reads the seeds of each target, and fuzzes it in the lane: `npm test` fuzzes each plug-in in its contract suite. */
export function fuzzAll(targets: readonly FuzzTarget[]): void {
  for (const target of targets) {
    describe(target.name, () => {
      it('reads its own seeds', () => readSeeds(target), FUZZ_TIMEOUT);
      if (IN_LANE) it(TAKES_ANY_INPUT, () => fuzz(target), FUZZ_TIMEOUT);
    });
  }
}

/** What fuzzing proves, as the title of a test. */
export const TAKES_ANY_INPUT = 'takes any input: in bounded time and memory, without a wrong error, showing no value';

/** Reads each seed as it is: all of them in the fuzz lane. */
export async function readSeeds(target: FuzzTarget): Promise<void> {
  const seeds = IN_LANE ? target.seeds : target.seeds.slice(0, target.tries ?? TRIES);
  for (const seed of seeds) await readOnce(target, Buffer.from(seed));
}

/** Reads changed inputs: few in `npm test`, many in the fuzz lane. */
export async function fuzz(target: FuzzTarget): Promise<void> {
  const { tries = TRIES } = target;
  const many = LONG_MS > 0 ? MOST_TRIES : tries * LANE_TRIES_PER_TRY;
  const plan = { few: tries, many, least: 2 * tries, ms: LONG_MS || LANE_MS };
  const property = fc.asyncProperty(sketch, (made) => readOnce(target, inputOf(target, made)));
  await fc.assert(property, triesWithin(plan));
}

function inputOf({ seeds, pieces = [] }: FuzzTarget, made: Sketch): Buffer {
  const all = [...pieces, ...PIECES];
  const other = Buffer.from(seeds[made.other % seeds.length] ?? '');
  if (made.pieces.length > 0) return Buffer.from(made.pieces.map((number) => all[number % all.length]).join(''));
  return mutate(Buffer.from(seeds[made.seed % seeds.length] ?? ''), made.steps, { other, pieces: all });
}

/**
 * An input that took long is read once more: the time is that of the whole process, with what other threads do and what a
 * virtual machine lost while it was held, and an input that is slow by itself is slow again.
 */
async function readOnce(target: FuzzTarget, input: Buffer): Promise<void> {
  const first = await measureRead(target, input);
  const time = first < LONGEST ? first : await measureRead(target, input);
  expect(time, `${target.name} took long`).toBeLessThan(LONGEST);
}

/** Reads an input, and returns the CPU time of it in milliseconds. */
async function measureRead(target: FuzzTarget, input: Buffer): Promise<number> {
  const [started, memory] = [cpuTime(), memoryUsed()];
  for (const watch of watches) watch.start(target.name, input);
  try {
    const shown = await target.read(input);
    if (shown !== undefined) expectNoSecret(JSON.stringify(shown), target.name);
  } catch (error) {
    expectNamed(target, error);
  } finally {
    for (const watch of watches) watch.stop();
  }
  const time = cpuTime() - started;
  expect(memoryUsed() - memory, `${target.name} took much memory`).toBeLessThan(MOST_MEMORY);
  return time;
}

/** A wrong error is thrown again, so that its own stack is shown. */
function expectNamed({ name, throws = [] }: FuzzTarget, error: unknown): void {
  const named = [UsageError, ConfigError].some((kind) => error instanceof kind);
  if (!named && !throws.some((kind) => error instanceof kind)) throw error;
  if (named && error instanceof Error) {
    expect(error.message.trim(), `${name}: an error without a message`).not.toBe('');
    expectNoSecret(error.message, `the error of ${name}`);
  }
}

/** Milliseconds that this process worked. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function memoryUsed(): number {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
  return heap + external;
}
