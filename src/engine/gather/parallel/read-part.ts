import type { PartItem } from '../../../collectors/abilities.ts';
import type { CollectedItem } from '../../../collectors/collected.ts';
import type { Examiner, Outcome } from '../examine.ts';

/**
 * Examines what a part returns. Without an examiner it must bring no artifacts. `after` is called after each item, with
 * the bytes looked at, and can stop the reading.
 */
export async function readPart(
  examiner: Examiner | undefined,
  items: Iterable<PartItem> | AsyncIterable<PartItem>,
  after: (bytes: number) => Promise<void> | undefined,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const look = (item: PartItem): Promise<void> | undefined => {
    if (item.kind !== 'artifact') {
      outcomes.push(item);
      return after(0);
    }
    const examined = lookAt(examiner, item);
    if (!(examined instanceof Promise)) outcomes.push(examined);
    else return examined.then((late) => void outcomes.push(late)).then(() => after(item.artifact.bytes.length));
    return after(item.artifact.bytes.length);
  };
  if (Symbol.iterator in items) {
    for (const item of items) {
      const waiting = look(item);
      if (waiting !== undefined) await waiting;
    }
  } else for await (const item of items) await look(item);
  return outcomes;
}

function lookAt(
  examiner: Examiner | undefined,
  { scope, artifact }: Extract<CollectedItem, { kind: 'artifact' }>,
): Outcome | Promise<Outcome> {
  if (examiner === undefined) throw new Error('the work said that it brings no artifacts');
  return examiner.examine(scope, artifact);
}
