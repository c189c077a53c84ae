import type { Limits } from '../../collectors/contract.ts';
import { decoders } from '../../decoders/index.generated.ts';
import { checks } from '../../detect/checks/index.generated.ts';
import { type Confirmer, createConfirmer } from '../../detect/confirm.ts';
import { compileNow } from '../../detect/fast.ts';
import type { RuleCatalogue } from '../../model/rule.ts';
import type { DetectStage } from '../gather/detect-stage.ts';
import { createDetector } from './detector.ts';
import { cachePacks } from './rule-cache.ts';

/** What detection is made of. The same in every thread of a run. */
export interface StageSetup {
  readonly engine: 'fast' | 'reference';
  readonly catalogue: RuleCatalogue;
  /** Folder of the bundle. */
  readonly home: string;
  readonly now: Date;
  readonly limits: Limits;
  /** Where analysed rules of the user are kept; absent: nowhere. */
  readonly ruleCache?: string;
  /** Of Bowerbird. */
  readonly version: string;
}

/** Makes the detection stage of a thread. */
export async function createStage(setup: StageSetup): Promise<DetectStage> {
  const { engine, catalogue, home, now, limits, ruleCache, version } = setup;
  return {
    detector: await createDetector(engine, catalogue, home, cachePacks(compileNow, ruleCache, version)),
    decoders,
    confirm: confirmLater(() => createConfirmer({ checks, now })),
    decodeDepth: limits.decodeDepth,
    budget: () => ({ bytes: limits.decodedBytes, entries: limits.archiveEntries, ratio: limits.decodeRatio }),
  };
}

/** Checks are loaded for the first text that has something to check: most commits have nothing. */
function confirmLater(make: () => Confirmer): Confirmer {
  let made: Confirmer | undefined;
  return (artifact, candidates) => {
    made ??= make();
    return made(artifact, candidates);
  };
}
