import type { PartItem } from '../../collectors/abilities.ts';
import type { AgainPlace } from '../../collectors/collected.ts';
import type { DeclarationCollector } from '../../collectors/contract.ts';
import type { ConfirmedMatch } from '../../detect/confirm.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import type { DetectStage } from '../plan/contract.ts';
import type { Recall } from './contract.ts';
import { type Detected, detectArtifact } from './detect-stage.ts';
import { type KeptFile, keepMaybeAside } from './keep-file.ts';
import type { OpenCondensing } from './parallel/condensing.ts';

/** What became of one artifact. `bytes`: how many of it were new. */
export interface Examined {
  readonly kind: 'examined';
  readonly scope: string;
  readonly path: string;
  readonly binary: boolean;
  readonly bytes: number;
  readonly matches: readonly ConfirmedMatch[];
  readonly gaps: readonly Gap[];
  readonly kept?: KeptFile;
}

/** What became of one item of a collector, whichever thread looked at it. */
export type Outcome = Examined | Exclude<PartItem, { readonly kind: 'artifact' }>;

/** What an examiner may have beside its stage: what earlier runs found, and threads that condense large files. */
export interface Helps {
  readonly recall?: Recall | undefined;
  readonly condensing?: OpenCondensing | undefined;
}

/** Looks at artifacts: decodes, detects, and keeps those that declare identities. Every thread has one. */
export class Examiner {
  readonly #stage: DetectStage;
  readonly #declarations: readonly DeclarationCollector[];
  readonly #recall: Recall | undefined;
  readonly #condensing: OpenCondensing | undefined;

  constructor(stage: DetectStage, declarations: readonly DeclarationCollector[], { recall, condensing }: Helps = {}) {
    this.#stage = stage;
    this.#declarations = declarations;
    this.#recall = recall;
    this.#condensing = condensing;
  }

  /**
   * Returns synchronously when it can. `again`: the places of earlier findings for which the artifact was read again.
   */
  examine(scope: string, artifact: Artifact, places?: readonly AgainPlace[]): Examined | Promise<Examined> {
    // Before detection: another thread may be at work meanwhile.
    const kept = this.#keep(artifact);
    const recalled = places === undefined ? undefined : this.#recall?.(artifact, places);
    const detected = recalled === undefined ? detectArtifact(this.#stage, artifact) : withoutGaps(recalled);
    if (!(detected instanceof Promise || kept instanceof Promise)) return toExamined(scope, artifact, detected, kept);
    return Promise.all([detected, kept]).then((late) => toExamined(scope, artifact, ...late));
  }

  /** Declarations describe what is there now: history is scanned for secrets only. */
  #keep(artifact: Artifact): ReturnType<typeof keepMaybeAside> {
    const { present, part = 'content' } = artifact.origin;
    const isDeclaring = present === true && part === 'content';
    return isDeclaring ? keepMaybeAside(this.#declarations, artifact, this.#condensing) : undefined;
  }
}

function withoutGaps(matches: ConfirmedMatch[]): Detected {
  return { binary: false, matches, gaps: [] };
}

function toExamined(scope: string, artifact: Artifact, detected: Detected, keptFile: KeptFile | undefined): Examined {
  const { binary, matches, gaps } = detected;
  const { path } = artifact.origin;
  const examined = { kind: 'examined', scope, path, binary, bytes: newBytes(artifact), matches, gaps } as const;
  return keptFile === undefined ? examined : { ...examined, kept: keptFile };
}

/** Counts the bytes of an artifact that no earlier artifact had. */
function newBytes({ bytes, ranges }: Artifact): number {
  return ranges === undefined ? bytes.length : ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}
