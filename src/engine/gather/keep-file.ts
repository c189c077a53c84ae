import type { DeclarationCollector } from '../../collectors/contract.ts';
import { defined } from '../../lib/fields/defined.ts';
import type { Artifact, Origin } from '../../model/artifact.ts';
import type { CondensingThread, OpenCondensing } from './parallel/condensing.ts';

/** A file that declares identities, and the ids of the declaration collectors that want it. */
export interface KeptFile {
  readonly origin: Origin;
  /** A copy of its bytes; empty where no collector needs all of them. */
  readonly bytes: Uint8Array;
  readonly collectors: readonly string[];
  /** Shorter texts that say the same, by the id of the collector that asked for one. */
  readonly shorter?: Readonly<Record<string, Uint8Array>>;
}

/**
 * Keeps a file as `keepFile` does. Where its bytes are many, and in memory that threads share, another thread condenses
 * them, and this one goes on: then a promise is returned, and the bytes must stay as they are until it is fulfilled.
 */
export function keepMaybeAside(
  declarations: readonly DeclarationCollector[],
  artifact: Artifact,
  open: OpenCondensing | undefined,
): KeptFile | Promise<KeptFile | undefined> | undefined {
  const thread = open?.(artifact.bytes);
  return thread === undefined ? keepFile(declarations, artifact) : keepAside(declarations, artifact, thread);
}

/** A copy of a file for the declaration collectors that want it; undefined where none does. */
export function keepFile(declarations: readonly DeclarationCollector[], artifact: Artifact): KeptFile | undefined {
  const wanting = declarations.filter((collector) => isWanted(collector, artifact));
  const texts = wanting.map(({ condense }) => condense?.(artifact.bytes));
  return toKept(artifact, wanting, texts);
}

/** Asks for shorter texts before all else. The thread may fail: then this one condenses. */
async function keepAside(
  declarations: readonly DeclarationCollector[],
  artifact: Artifact,
  thread: CondensingThread,
): Promise<KeptFile | undefined> {
  const asked = new Map<string, Promise<Uint8Array | undefined>>();
  try {
    for (const collector of declarations) {
      if (collector.condense === undefined || !isWanted(collector, artifact)) continue;
      const text = thread.condense(collector.id).catch(() => collector.condense?.(artifact.bytes));
      asked.set(collector.id, text);
    }
    const wanting = declarations.filter((collector) => {
      return collector.condense === undefined ? isWanted(collector, artifact) : asked.has(collector.id);
    });
    const texts = await Promise.all(wanting.map(({ id }) => asked.get(id)));
    return toKept(artifact, wanting, texts);
  } finally {
    await thread.close();
  }
}

function isWanted(collector: DeclarationCollector, { origin, bytes }: Artifact): boolean {
  return collector.accepts(origin.path) && collector.sniff?.(bytes, origin.path) !== false;
}

/** Each collector reads its own shorter text, whoever else wants the file: a dump of a cluster is of several. */
function toKept(
  { origin, bytes }: Artifact,
  wanting: readonly DeclarationCollector[],
  texts: readonly (Uint8Array | undefined)[],
): KeptFile | undefined {
  if (wanting.length === 0) return undefined;
  const collectors = wanting.map(({ id }) => id);
  const entries = collectors.flatMap((id, index) => {
    const text = texts[index];
    return text === undefined ? [] : [[id, text] as const];
  });
  const shorter = entries.length === 0 ? undefined : Object.fromEntries(entries);
  // A copy, which `slice` of a Buffer is not.
  const kept = entries.length < wanting.length ? new Uint8Array(bytes) : new Uint8Array(0);
  return { origin, bytes: kept, collectors, ...defined({ shorter }) };
}
