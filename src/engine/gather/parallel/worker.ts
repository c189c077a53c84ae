import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { CollectContext } from '../../../collectors/contract.ts';
import { collectors } from '../../../collectors/index.generated.ts';
import type { DetectStage } from '../../plan/contract.ts';
import { createStage } from '../../plan/stage.ts';
import { Examiner, type Outcome } from '../examine.ts';
import {
  buffersOf,
  type Job,
  type PartResult,
  packOutcomes,
  type ThreadData,
  type ThreadMessage,
  type ThreadSetup,
} from './messages.ts';
import { readPart } from './read-part.ts';
import { openSharedCatalogue } from './shared-catalogue.ts';

/** Items looked at between two messages: a message costs as much as the scan of a small file. */
const BATCH = 128;

/** Sends results in batches. */
class Sender {
  readonly #port: MessagePort;
  readonly #job: number;
  #results: PartResult[] = [];
  #buffers: ArrayBuffer[] = [];
  #items = 0;

  constructor(port: MessagePort, job: number) {
    this.#port = port;
    this.#job = job;
  }

  add(part: number, outcomes: readonly Outcome[]): void {
    this.#results.push({ part, outcomes: packOutcomes(outcomes) });
    this.#buffers.push(...buffersOf(outcomes));
    this.#items += outcomes.length;
    if (this.#items >= BATCH) this.flush();
  }

  flush(): void {
    const message: ThreadMessage = { kind: 'parts', job: this.#job, results: this.#results };
    this.#port.postMessage(message, this.#buffers);
    [this.#results, this.#buffers, this.#items] = [[], [], 0];
  }
}

/** Helps with a job until no part is left. */
async function help(job: Job, setup: ThreadSetup, stage: DetectStage | undefined, port: MessagePort): Promise<void> {
  const collector = collectors.find(({ id }) => id === job.collector);
  if (collector?.reads !== 'address' || collector.openShared === undefined) {
    throw new Error(`the collector ${job.collector} shares no work`);
  }
  const declaring = collectors.filter((collector) => collector.reads === 'artifact');
  const examiner = stage && new Examiner(stage, declaring);
  const reader = await collector.openShared(contextOf(job, setup, stage), job.shared);
  const sender = new Sender(port, job.job);
  try {
    for (let part = Atomics.add(job.next, 0, 1); part < job.parts; part = Atomics.add(job.next, 0, 1)) {
      sender.add(part, await readPart(examiner, reader.read(part), () => undefined));
    }
  } finally {
    await reader.close();
  }
  sender.flush();
}

/** A thread knows nothing of the world but the files that its work names. */
function contextOf(
  { options }: Job,
  { now, cwd, limits }: ThreadSetup,
  stage: DetectStage | undefined,
): CollectContext {
  return {
    now,
    env: {},
    cwd,
    limits,
    options,
    room: () => stage?.detector.room,
    clock: () => performance.now(),
    sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
  };
}

async function openStage(setup: ThreadSetup): Promise<DetectStage> {
  return createStage({ ...setup, catalogue: await openSharedCatalogue(setup.catalogue, setup.home) });
}

/** Does one job after the other. What fails ends the thread: the first thread does then what is missing. */
function main(port: MessagePort, { setup, artifacts }: ThreadData): void {
  let stage = artifacts ? openStage(setup) : undefined;
  let last: Promise<void> = Promise.resolve();
  port.on('message', (job: Job) => {
    last = last.then(async () => {
      if (job.artifacts) stage ??= openStage(setup);
      await help(job, setup, job.artifacts ? await stage : undefined, port);
      const idle: ThreadMessage = { kind: 'idle', job: job.job };
      port.postMessage(idle);
    });
  });
}

if (parentPort !== null) main(parentPort, workerData as ThreadData);
