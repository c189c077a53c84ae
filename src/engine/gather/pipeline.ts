import type { Checkpoint, Surroundings } from '../../collectors/abilities.ts';
import type { CollectedItem } from '../../collectors/collected.ts';
import type { Names } from '../../collectors/contract.ts';
import { defined } from '../../lib/fields/defined.ts';
import { gapOfBug } from '../../model/bug-gap.ts';
import type { Target } from '../plan/contract.ts';
import type { Harvest } from './contract.ts';
import { readDeclarations } from './declarations.ts';
import { type Examined, Examiner } from './examine.ts';
import type { LedgerKey } from './ledger.ts';
import { examineNames } from './names.ts';
import { doWork } from './parallel/share-work.ts';
import { giveTurn, interrupt, type PipelineInput, type Run, ScopeKeys, startRun, take, tell } from './run.ts';
import { readAround } from './surroundings.ts';

/** Of what is lost when a collector fails: nobody knows which of its scopes it was in. */
const UNKNOWN_SCOPE = 'what was left to read';

type ArtifactItem = Extract<CollectedItem, { kind: 'artifact' }>;

/** Runs collectors, decoders and detection over all targets. One direction, no stage calls back. */
export async function harvest(input: PipelineInput): Promise<Harvest> {
  const declarations = input.collectors.filter((collector) => collector.reads === 'artifact');
  const run = startRun(input, new Examiner(input.stage, declarations, input), declarations);
  try {
    for (const target of input.targets) {
      run.kept.clear();
      const from = run.matches.length;
      tell(run, target, 'listing');
      const { checkpoint, surroundings } = await collectTarget(run, target);
      const to = run.matches.length;
      const before = surroundings && (await readAround(run, target, surroundings, to > from || run.kept.size > 0));
      const declared = await readDeclarations(run, target);
      const optional = {
        ...defined({ checkpoint, before }),
      };
      run.reads.set(target.address.text, { from, to, ...optional, declared });
    }
  } finally {
    await input.threads?.stop();
  }
  run.coverage.push(...run.ledger.close());
  return run;
}

/** What a collector says about a target as a whole. */
interface TargetWords {
  checkpoint?: Checkpoint;
  surroundings?: Surroundings;
}

/**
 * Returns what the collector says of the target: how far it was read, and what is around. Nothing of a run that ends
 * early.
 */
async function collectTarget(run: Run, target: Target): Promise<TargetWords> {
  const keys = new ScopeKeys(target);
  try {
    return await readTarget(run, target, keys);
  } catch (error) {
    const gap = { ...gapOfBug('collector', target.collector.id, target.address.text, error), scope: true };
    take(run, target, keys.of({ kind: 'gap', scope: UNKNOWN_SCOPE }), { kind: 'gap', scope: UNKNOWN_SCOPE, gap });
    return {};
  }
}

async function readTarget(run: Run, target: Target, keys: ScopeKeys): Promise<TargetWords> {
  const words: TargetWords = {};
  const context = run.input.contextOf(target);
  for await (const item of target.collector.collect(context, target.address)) {
    const key = keys.of(item);
    let isDone = true;
    if (item.kind === 'checkpoint') words.checkpoint = item;
    else if (item.kind === 'surroundings') words.surroundings = item;
    else if (item.kind === 'ahead') run.input.threads?.expect(item.bytes, item.artifacts !== false);
    else if (item.kind === 'work') {
      isDone = await doWork({ run, target, context, keys, work: item.work });
    } else if (item.kind === 'names') takeNames(run, key, item);
    else if (item.kind === 'artifact') {
      const pause = examineItem(run, target, key, item);
      if (pause !== undefined) await pause;
    } else take(run, target, key, item);
    if (!isDone || context.signal?.aborted === true) {
      interrupt(run, key);
      return {};
    }
  }
  return words;
}

/** Names are counted nowhere: what they belong to is. */
function takeNames(run: Run, key: LedgerKey, names: Names): void {
  const { matches, gaps } = examineNames(run.input.stage, names);
  for (const match of matches) run.matches.push(match);
  for (const gap of gaps) run.ledger.gap(key, gap, false);
}

/** Waits only where a decoder works asynchronously, which is rare. */
function examineItem(run: Run, target: Target, key: LedgerKey, item: ArtifactItem): Promise<void> | undefined {
  const { scope, artifact, again } = item;
  const finish = (examined: Examined): Promise<void> | undefined => {
    take(run, target, key, examined);
    return giveTurn(run, artifact.bytes.length);
  };
  const examined = run.examiner.examine(scope, artifact, again);
  return examined instanceof Promise ? examined.then(finish) : finish(examined);
}
