import type { PartItem } from '../../collectors/abilities.ts';
import type { AgainPlace } from '../../collectors/collected.ts';
import type { DeclarationCollector } from '../../collectors/contract.ts';
import type { ConfirmedMatch } from '../../detect/confirm.ts';
import type { Artifact, Origin } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import type { DetectStage } from '../plan/contract.ts';
import type { Recall } from './contract.ts';
import { type Detected, detectArtifact } from './detect-stage.ts';

/** A file that declares identities: a copy of its bytes, and the ids of the declaration collectors that want it. */
export interface KeptFile {
  readonly origin: Origin;
  readonly bytes: Uint8Array;
  readonly collectors: readonly string[];
}

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

/** Looks at artifacts: decodes, detects, and keeps those that declare identities. Every thread has one. */
export class Examiner {
  readonly #stage: DetectStage;
  readonly #declarations: readonly DeclarationCollector[];
  readonly #recall: Recall | undefined;

  constructor(stage: DetectStage, declarations: readonly DeclarationCollector[], recall?: Recall) {
    this.#stage = stage;
    this.#declarations = declarations;
    this.#recall = recall;
  }

  /**
   * Returns a promise only where there is something to wait for. `again`: why the artifact is given again, where it is.
   */
  examine(scope: string, artifact: Artifact, again?: readonly AgainPlace[]): Examined | Promise<Examined> {
    const kept = this.#keep(artifact);
    const matches = again === undefined ? undefined : this.#recall?.(artifact, again);
    if (matches !== undefined) return toExamined(scope, artifact, { binary: false, matches, gaps: [] }, kept);
    const found = detectArtifact(this.#stage, artifact);
    if (found instanceof Promise) return found.then((late) => toExamined(scope, artifact, late, kept));
    return toExamined(scope, artifact, found, kept);
  }

  /** Declarations describe what is there now: history is scanned for secrets only. */
  #keep(artifact: Artifact): KeptFile | undefined {
    const { present, part = 'content' } = artifact.origin;
    return present === true && part === 'content' ? keepFile(this.#declarations, artifact) : undefined;
  }
}

/** A copy of a file for the declaration collectors that want it; undefined where none does. */
export function keepFile(
  declarations: readonly DeclarationCollector[],
  { origin, bytes }: Artifact,
): KeptFile | undefined {
  const wanting = declarations.filter(
    (collector) => collector.accepts(origin.path) && collector.sniff?.(bytes) !== false,
  );
  if (wanting.length === 0) return undefined;
  // A copy, which `slice` of a Buffer is not.
  return { origin, bytes: new Uint8Array(bytes), collectors: wanting.map(({ id }) => id) };
}

function toExamined(scope: string, artifact: Artifact, found: Detected, kept: KeptFile | undefined): Examined {
  const { binary, matches, gaps } = found;
  const { path } = artifact.origin;
  const examined = { kind: 'examined', scope, path, binary, bytes: newBytes(artifact), matches, gaps } as const;
  return kept === undefined ? examined : { ...examined, kept };
}

/** What of an artifact had not been scanned before as part of another one. */
function newBytes({ bytes, ranges }: Artifact): number {
  return ranges === undefined ? bytes.length : ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}
