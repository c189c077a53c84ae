import type { SharedWork } from '../../src/collectors/abilities.ts';
import type { CollectedItem } from '../../src/collectors/collected.ts';
import type { Collected } from '../../src/collectors/contract.ts';
import type { Artifact } from '../../src/model/artifact.ts';

/** What a collector says about the target as a whole, and names, which are counted nowhere. */
const BESIDE: ReadonlySet<Collected['kind']> = new Set(['checkpoint', 'ahead', 'surroundings', 'names']);

/** Items of a collector in their order; shared work is read by this thread, in the order of its parts. */
export async function* readItems(collected: AsyncIterable<Collected>): AsyncGenerator<CollectedItem> {
  for await (const item of collected) {
    if (item.kind === 'work') yield* readWork(item.work);
    else if (!BESIDE.has(item.kind)) yield item as CollectedItem;
  }
}

async function* readWork(work: SharedWork): AsyncGenerator<CollectedItem> {
  for (let part = 0; part < work.parts; part += 1) {
    for await (const item of work.read(part)) {
      if (item.kind === 'note') work.note?.(item.note);
      else if (item.kind === 'artifact') yield { ...item, artifact: complete(work, item.artifact) };
      else yield item;
    }
    work.accepts?.(part);
  }
}

function complete(work: SharedWork, artifact: Artifact): Artifact {
  return { ...artifact, origin: work.complete?.(artifact.origin) ?? artifact.origin };
}
