import type { Limits } from '../collectors/contract.ts';
import { decoders } from '../decoders/index.generated.ts';
import { checks } from '../detect/checks/index.generated.ts';
import { createConfirmer } from '../detect/confirm.ts';
import type { RuleCatalogue } from '../model/rule.ts';
import type { DetectStage } from './detect-stage.ts';
import { createDetector } from './detector.ts';

/** What detection is made of. The same in every thread of a run. */
export interface StageSetup {
  readonly engine: 'fast' | 'reference';
  readonly catalogue: RuleCatalogue;
  /** Folder of the bundle. */
  readonly home: string;
  readonly now: Date;
  readonly limits: Limits;
}

/** Makes the detection stage of a thread. */
export async function createStage({ engine, catalogue, home, now, limits }: StageSetup): Promise<DetectStage> {
  return {
    detector: await createDetector(engine, catalogue, home),
    decoders,
    confirm: createConfirmer({ checks, now }),
    decodeDepth: limits.decodeDepth,
    budget: () => ({ bytes: limits.decodedBytes, entries: limits.archiveEntries, ratio: limits.decodeRatio }),
  };
}
