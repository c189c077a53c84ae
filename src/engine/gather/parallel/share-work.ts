import type { SharedWork } from '../../../collectors/abilities.ts';
import type { CollectContext } from '../../../collectors/contract.ts';
import { mergeFields } from '../../../lib/fields/merge-fields.ts';
import type { Target } from '../../plan/contract.ts';
import type { Examined, Outcome } from '../examine.ts';
import { giveTurn, type Run, type ScopeKeys, take } from '../run.ts';
import { unpackOutcomes } from './messages.ts';
import { PartOrder } from './part-order.ts';
import { readPart } from './read-part.ts';

/** Milliseconds after which the rest of some work is estimated. */
const LOOK_AFTER = 40;
/**
 * What is left must take this long, ms, before threads are started for it; and before those are asked that run already.
 */
const WORTH_STARTING = 400;
const WORTH_ASKING = 60;

/** Shared work, and for whom it is done. */
export interface WorkOrder {
  readonly run: Run;
  readonly target: Target;
  readonly context: CollectContext;
  readonly keys: ScopeKeys;
  readonly work: SharedWork;
}

class Interrupted extends Error {}

/**
 * Does shared work: alone at first, with the run's threads where they pay. Every thread takes the next part that nobody
 * has. Results are entered in the order of parts, so they are the same for any number of threads. Parts that no thread
 * brought to its end are read here. Returns false where the run was interrupted.
 */
export async function doWork(order: WorkOrder): Promise<boolean> {
  const { run, work, context } = order;
  const parts = new PartOrder(work.parts, (part, outcomes) => takePart(order, part, outcomes));
  const next = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const read = async (part: number): Promise<void> => {
    parts.finish(part, await readPart(run.examiner, work.read(part), (bytes) => pause(order, bytes)));
  };
  const pace = new Pace(context.clock);
  let helping: Promise<void> | undefined;
  try {
    for (let part = Atomics.add(next, 0, 1); part < work.parts; part = Atomics.add(next, 0, 1)) {
      if (helping === undefined && wantsHelp(run, pace, work.parts - part)) {
        // Without help, every part is read here.
        helping = askForHelp(order, next, parts).catch(() => undefined);
      }
      await read(part);
      pace.note();
    }
    if (helping !== undefined) await unlessInterrupted(helping, context.signal);
    for (const part of parts.missing()) await read(part);
    return true;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    await run.input.threads?.stop();
    parts.giveUp();
    return false;
  }
}

/** Lets other things happen; throws where the run is to end. */
function pause({ run, context }: WorkOrder, bytes: number): Promise<void> | undefined {
  if (context.signal?.aborted === true) throw new Interrupted();
  return giveTurn(run, bytes);
}

/** Waits for the threads, but no longer than the run is to go on. */
function unlessInterrupted(helping: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new Interrupted());
    if (signal?.aborted === true) stop();
    signal?.addEventListener('abort', stop, { once: true });
    void helping.then(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    });
  });
}

function wantsHelp({ input: { threads } }: Run, pace: Pace, partsToRead: number): boolean {
  if (threads === undefined || partsToRead < 2) return false;
  return threads.eager || pace.estimate(partsToRead) > (threads.started ? WORTH_ASKING : WORTH_STARTING);
}

async function askForHelp(
  { run, target, context, work }: WorkOrder,
  next: Int32Array,
  parts: PartOrder,
): Promise<void> {
  const { id: collector } = target.collector;
  const artifacts = work.artifacts !== false;
  const job = { collector, options: context.options, shared: work.share(), parts: work.parts, artifacts, next };
  await run.input.threads?.help(job, ({ part, outcomes }) => parts.finish(part, unpackOutcomes(outcomes)));
}

/** How fast this thread reads. */
class Pace {
  readonly #clock: (() => number) | undefined;
  readonly #begun: number;
  #read = 0;

  constructor(clock: (() => number) | undefined) {
    this.#clock = clock;
    this.#begun = clock?.() ?? 0;
  }

  note(): void {
    this.#read += 1;
  }

  /** Estimates how long so many parts will take, ms; 0 before there is anything to judge by. */
  estimate(parts: number): number {
    const elapsed = (this.#clock?.() ?? 0) - this.#begun;
    return elapsed < LOOK_AFTER || this.#read === 0 ? 0 : (elapsed / this.#read) * parts;
  }
}

function takePart({ run, target, keys, work }: WorkOrder, part: number, outcomes: readonly Outcome[]): void {
  if (work.accepts?.(part) === false) return;
  for (const outcome of outcomes) {
    if (outcome.kind === 'note') work.note?.(outcome.note);
    else take(run, target, keys.of(outcome), outcome.kind === 'examined' ? complete(work, outcome) : outcome);
  }
}

function complete(work: SharedWork, examined: Examined): Examined {
  const finish = work.complete?.bind(work);
  const { matches, kept } = examined;
  if (finish === undefined || (matches.length === 0 && kept === undefined)) return examined;
  const completed = matches.map((confirmed) => {
    const location = finish(confirmed.match.location);
    return mergeFields(confirmed, { match: mergeFields(confirmed.match, { location }) });
  });
  const result = mergeFields(examined, { matches: completed });
  return kept === undefined
    ? result
    : mergeFields(result, { kept: mergeFields(kept, { origin: finish(kept.origin) }) });
}
