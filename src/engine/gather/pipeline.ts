import type { Checkpoint } from '../../collectors/abilities.ts';
import type { CollectedItem } from '../../collectors/collected.ts';
import type { Target } from '../plan/contract.ts';
import type { Harvest } from './contract.ts';
import { readDeclarations } from './declarations.ts';
import { type Examined, Examiner } from './examine.ts';
import type { LedgerKey } from './ledger.ts';
import { doWork } from './parallel/share-work.ts';
import { giveTurn, interrupt, type PipelineInput, type Run, ScopeKeys, startRun, take } from './run.ts';

type ArtifactItem = Extract<CollectedItem, { kind: 'artifact' }>;

/** Runs collectors, decoders and detection over all targets. One direction, no stage calls back. */
export async function harvest(input: PipelineInput): Promise<Harvest> {
  const declarations = input.collectors.filter((collector) => collector.reads === 'artifact');
  const run = startRun(input, new Examiner(input.stage, declarations, input.recall), declarations);
  try {
    for (const target of input.targets) {
      run.kept.clear();
      const from = run.matches.length;
      const checkpoint = await collectTarget(run, target);
      const read = { from, to: run.matches.length, ...(checkpoint === undefined ? {} : { checkpoint }) };
      const declared = await readDeclarations(run, target);
      run.reads.set(target.address.text, { ...read, declared });
    }
  } finally {
    await input.threads?.stop();
  }
  run.coverage.push(...run.ledger.close());
  return run;
}

/** Gives how far the target was read, where its collector says so. */
async function collectTarget(run: Run, target: Target): Promise<Checkpoint | undefined> {
  let checkpoint: Checkpoint | undefined;
  const context = run.input.contextOf(target);
  const keys = new ScopeKeys(target);
  for await (const item of target.collector.collect(context, target.address)) {
    const key = keys.of(item);
    if (item.kind === 'checkpoint') checkpoint = item;
    else if (item.kind === 'ahead') run.input.threads?.expect(item.bytes);
    else if (item.kind === 'work') {
      const done = await doWork({ run, target, context, keys, work: item.work });
      if (!done) {
        interrupt(run, key);
        return undefined;
      }
    } else if (item.kind === 'artifact') {
      const pause = examineItem(run, target, key, item);
      if (pause !== undefined) await pause;
    } else take(run, target, key, item);
    if (context.signal?.aborted === true) {
      interrupt(run, key);
      return undefined;
    }
  }
  return checkpoint;
}

/** Nothing is waited for where decoders give their texts at once, which is nearly always. */
function examineItem(run: Run, target: Target, key: LedgerKey, item: ArtifactItem): Promise<void> | undefined {
  const { scope, artifact, again } = item;
  const finish = (examined: Examined): Promise<void> | undefined => {
    take(run, target, key, examined);
    return giveTurn(run, artifact.bytes.length);
  };
  const examined = run.examiner.examine(scope, artifact, again);
  return examined instanceof Promise ? examined.then(finish) : finish(examined);
}
