import type { PartItem } from '../../collectors/abilities.ts';
import type { AgainPlace } from '../../collectors/collected.ts';
import type { DeclarationCollector } from '../../collectors/contract.ts';
import type { ConfirmedMatch } from '../../detect/confirm.ts';
import { defined } from '../../lib/fields/defined.ts';
import type { Artifact, Origin } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import type { DetectStage } from '../plan/contract.ts';
import type { Recall } from './contract.ts';
import { type Detected, detectArtifact } from './detect-stage.ts';

/** A file that declares identities, and the ids of the declaration collectors that want it. */
export interface KeptFile {
  readonly origin: Origin;
  /** A copy of its bytes; empty where no collector needs all of them. */
  readonly bytes: Uint8Array;
  readonly collectors: readonly string[];
  /** Shorter texts that say the same, by the id of the collector that asked for one. */
  readonly shorter?: Readonly<Record<string, Uint8Array>>;
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
   * Returns synchronously when it can. `again`: the places of earlier findings for which the artifact was read again.
   */
  examine(scope: string, artifact: Artifact, places?: readonly AgainPlace[]): Examined | Promise<Examined> {
    const file = this.#keep(artifact);
    const matches = places === undefined ? undefined : this.#recall?.(artifact, places);
    if (matches !== undefined) return toExamined(scope, artifact, { binary: false, matches, gaps: [] }, file);
    const detected = detectArtifact(this.#stage, artifact);
    if (detected instanceof Promise) return detected.then((late) => toExamined(scope, artifact, late, file));
    return toExamined(scope, artifact, detected, file);
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
    (collector) => collector.accepts(origin.path) && collector.sniff?.(bytes, origin.path) !== false,
  );
  if (wanting.length === 0) return undefined;
  const collectors = wanting.map(({ id }) => id);
  const shorter = condenseFor(wanting, bytes);
  const isWhole = wanting.some(({ id }) => shorter?.[id] === undefined);
  // A copy, which `slice` of a Buffer is not.
  const kept = isWhole ? new Uint8Array(bytes) : new Uint8Array(0);
  return { origin, bytes: kept, collectors, ...defined({ shorter }) };
}

/** Each collector reads its own shorter text, whoever else wants the file: a dump of a cluster is of several. */
function condenseFor(collectors: readonly DeclarationCollector[], bytes: Uint8Array): KeptFile['shorter'] {
  let texts: Record<string, Uint8Array> | undefined;
  for (const { id, condense } of collectors) {
    const text = condense?.(bytes);
    if (text !== undefined) texts = { ...texts, [id]: text };
  }
  return texts;
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
