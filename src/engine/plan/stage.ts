import { decoders } from '../../decoders/index.generated.ts';
import { arrangeDecoders } from '../../decoders/shared/arrange.ts';
import { checks } from '../../detect/checks/index.generated.ts';
import { type Confirmer, createConfirmer } from '../../detect/confirm.ts';
import { compileNow } from '../../detect/fast.ts';
import type { DetectStage, StageSetup } from './contract.ts';
import { createDetector } from './detector.ts';
import { cachePacks } from './rule-cache.ts';

/** Makes the detection stage of a thread. */
export async function createStage(setup: StageSetup): Promise<DetectStage> {
  const { engine, catalogue, home, now, limits, ruleCache, version } = setup;
  return {
    detector: await createDetector(engine, catalogue, home, cachePacks(compileNow, ruleCache, version)),
    decoders: arrangeDecoders(decoders),
    confirm: confirmLater(() => createConfirmer({ checks, now })),
    decodeDepth: limits.decodeDepth,
    budget: () => ({ bytes: limits.decodedBytes, entries: limits.archiveEntries, ratio: limits.decodeRatio }),
  };
}

/** Loads the checks for the first text that holds a candidate: most commits hold none. */
function confirmLater(make: () => Confirmer): Confirmer {
  let made: Confirmer | undefined;
  return (artifact, candidates) => {
    made ??= make();
    return made(artifact, candidates);
  };
}
