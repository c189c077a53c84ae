import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { PartItem, SharedWork } from '../../../../src/collectors/abilities.ts';
import { type Collected, defineCollector } from '../../../../src/collectors/contract.ts';
import { arrangeDecoders } from '../../../../src/decoders/shared/arrange.ts';
import { createConfirmer } from '../../../../src/detect/confirm.ts';
import type { Harvest } from '../../../../src/engine/gather/contract.ts';
import type { ThreadSetup } from '../../../../src/engine/gather/parallel/messages.ts';
import { Threads } from '../../../../src/engine/gather/parallel/threads.ts';
import { harvest } from '../../../../src/engine/gather/pipeline.ts';
import { DEFAULT_LIMITS } from '../../../../src/engine/plan/limits.ts';

const PARTS = 12;

/** Takes a part and dies of it. */
const DIES = `require('node:worker_threads').parentPort.on('message', (job) => { Atomics.add(job.next, 0, 1); process.exit(1); });`;
/** Takes a part and never ends it. */
const HANGS = `require('node:worker_threads').parentPort.on('message', (job) => { Atomics.add(job.next, 0, 1); for (;;); });`;
/** Fails while it is loaded. */
const BROKEN = 'throw new Error("broken");';
/** Reads all parts that it gets, from the last to the first one, and tells of each twice. */
const HELPS = `
const { parentPort } = require('node:worker_threads');
parentPort.on('message', (job) => {
  const results = [];
  for (let part = Atomics.add(job.next, 0, 1); part < job.parts; part = Atomics.add(job.next, 0, 1)) {
    const gap = { reason: 'unreadable', subject: String(part), message: 'part ' + part };
    results.unshift({ part, outcomes: [{ kind: 'gap', scope: 'x', gap }, { kind: 'done', scope: 'x', count: 9, bytes: 1 }] });
  }
  for (let i = 0; i < 2; i += 1) parentPort.postMessage({ kind: 'parts', job: job.job, results });
  parentPort.postMessage({ kind: 'idle', job: job.job });
});`;

let stop = async (): Promise<unknown> => undefined;

afterEach(() => stop());

function threadsOf(script: string, most = 1, eager = true): Threads {
  const home = mkdtempSync(join(tmpdir(), 'bowerbird-threads-'));
  const file = join(home, 'worker.cjs');
  writeFileSync(file, script);
  const threads = new Threads({ file, most, eager, setup: () => ({}) as ThreadSetup });
  stop = async () => {
    await threads.stop();
    rmSync(home, { recursive: true, force: true });
  };
  return threads;
}

/** Work whose parts take some milliseconds each, and say their number. */
function slowWork(ms = 20): SharedWork {
  return {
    parts: PARTS,
    async *read(part): AsyncGenerator<PartItem> {
      await after(ms);
      yield { kind: 'gap', scope: 'x', gap: { reason: 'unreadable', subject: String(part), message: `part ${part}` } };
      yield { kind: 'done', scope: 'x', count: 9, bytes: 1 };
    },
    share: () => ({}),
    close: () => undefined,
  };
}

interface More {
  readonly signal?: AbortSignal;
  readonly clock?: () => number;
  readonly ahead?: number;
}

function run(work: SharedWork, threads?: Threads, { ahead, ...more }: More = {}): Promise<Harvest> {
  const collector = defineCollector({
    id: 'test',
    title: 'Test',
    reads: 'address',
    scheme: 'test',
    network: false,
    permissions: [],
    async *collect(): AsyncGenerator<Collected> {
      yield { kind: 'plan', scope: 'x', unit: 'things', count: PARTS * 10 };
      if (ahead !== undefined) yield { kind: 'ahead', bytes: ahead };
      yield { kind: 'work', work };
    },
  });
  return harvest({
    targets: [{ collector, address: { scheme: 'test', value: '', text: 'test:' } }],
    collectors: [collector],
    stage: {
      detector: { scan: () => [] },
      decoders: arrangeDecoders([]),
      confirm: createConfirmer({ checks: [], now: new Date(0) }),
      decodeDepth: 0,
      budget: () => ({ bytes: 0, entries: 0, ratio: 0 }),
    },
    declarationFiles: 1,
    contextOf: () => ({
      now: new Date(0),
      env: {},
      cwd: '/',
      limits: DEFAULT_LIMITS,
      options: {},
      sleep: async () => undefined,
      ...more,
    }),
    ...(threads === undefined ? {} : { threads }),
  });
}

const EVERY_PART = Array.from({ length: PARTS }, (_, part) => `part ${part}`);

describe('shared work', () => {
  it.each([
    ['helps', HELPS, []],
    ['dies in the middle', DIES, ['exit 1', 'exit 1', 'exit 1']],
    ['cannot start', BROKEN, ['Error', 'Error', 'Error']],
  ])('is done whole and in order, with a thread that %s', async (_, script, failures) => {
    const alone = await run(slowWork(0));
    expect(alone.coverage[0]?.gaps.map(({ message }) => message)).toEqual(EVERY_PART);
    const threads = threadsOf(script, 3);
    const helped = await run(slowWork(), threads);
    expect(helped.coverage).toEqual(alone.coverage);
    expect(threads.failures).toEqual(failures);
  });

  it('is helped by one thread where it brings no artifacts, and by the others with the next work', async () => {
    const threads = threadsOf(BROKEN, 3);
    const { coverage } = await run({ ...slowWork(), artifacts: false }, threads);
    expect(threads.failures).toEqual(['Error']);
    expect(coverage[0]?.gaps.map(({ message }) => message)).toEqual(EVERY_PART);
    await run(slowWork(), threads);
    expect(threads.failures).toEqual(['Error', 'Error', 'Error']);
  });

  it('ends when the run is interrupted, although a thread hangs, and says so', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 400);
    const { coverage } = await run(slowWork(), threadsOf(HANGS), { signal: controller.signal });
    expect(coverage[0]?.state).toBe('failed');
    expect(coverage[0]?.gaps.at(-1)?.message).toContain('interrupted');
    expect(coverage[0]?.scanned).toBeLessThan(PARTS * 9);
  });

  it.each([
    ['starts none where nobody tells the time', undefined, false],
    ['starts none for work that is done soon', 5, false],
    ['starts them for work that takes long', 100, true],
  ])('%s', async (_, step, started) => {
    let time = 0;
    const clock = (): number => {
      time += step ?? 0;
      return time;
    };
    const threads = threadsOf(HELPS, 1, false);
    const { coverage } = await run(slowWork(), threads, step === undefined ? {} : { clock });
    expect(threads.started).toBe(started);
    expect(coverage[0]?.gaps.map(({ message }) => message)).toEqual(EVERY_PART);
  });

  it.each([
    ['starts none before small work', 2 ** 20, false],
    ['starts them before large work', 2 ** 30, true],
  ])('%s is prepared', async (_, bytes, started) => {
    const threads = threadsOf(HELPS, 1, false);
    const { coverage } = await run(slowWork(), threads, { ahead: bytes });
    expect(threads.started).toBe(started);
    expect(coverage[0]?.gaps.map(({ message }) => message)).toEqual(EVERY_PART);
  });

  it('leaves out what the work does not accept, and asks once a part in order', async () => {
    const asked: number[] = [];
    const accepts = (part: number): boolean => {
      asked.push(part);
      return part < 3;
    };
    const { coverage } = await run({ ...slowWork(), accepts }, threadsOf(HELPS));
    expect(asked).toEqual(EVERY_PART.map((_, part) => part));
    expect(coverage[0]?.scanned).toBe(27);
  });
});
