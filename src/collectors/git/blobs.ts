import { TYPE_CODE } from '../../lib/git/list-objects.ts';
import { type ChangesOnly, indexesOf } from '../../lib/git/object-source.ts';
import { type Origin, VERDICT_REACH } from '../../model/artifact.ts';
import type { Collected } from '../contract.ts';
import { objectGap } from '../shared/git-blobs.ts';
import { type Credit, reachability } from './messages.ts';
import { HISTORY, type History } from './model.ts';

/** Every blob of the store once, submodules as skips, and a gap for each object that the history names and lacks. */
export async function* collectBlobs(history: History, credits: ReadonlyMap<number, Credit>): AsyncGenerator<Collected> {
  const { source, attribution, head, context } = history;
  const blobs = indexesOf(source.types, [TYPE_CODE.blob, TYPE_CODE.unreadable]);
  const unreachable = blobs.filter((index) => attribution.reached[index] !== 1).length;
  const count = blobs.length + attribution.missing.size + head.submodules.length;
  const facts = { unreachable: history.walkComplete ? unreachable : 'unknown' };
  yield { kind: 'plan', scope: HISTORY, unit: 'blobs', count, facts };
  yield* settleUnreadable(history);
  const limit = context.limits.fileBytes;
  const memory = new Uint8Array(source.table.size);
  for await (const answer of source.readBlobs(limit, changesOnly(history))) {
    const origin = originOf(history, credits, answer.index);
    if ('failure' in answer) {
      const gap = objectGap({ ...answer, oid: origin.blob }, origin.path, limit);
      yield { kind: 'gap', scope: HISTORY, gap };
    } else if (answer.bytes.length === 0) {
      yield { kind: 'skip', scope: HISTORY, skip: { reason: 'empty', subject: origin.path } };
    } else {
      const { bytes, ranges, index, base = -1 } = answer;
      const lineage = { memory, self: index, base };
      yield { kind: 'artifact', scope: HISTORY, artifact: { origin, bytes, lineage, ...(ranges ? { ranges } : {}) } };
    }
  }
}

/**
 * What a delta copies from its base was scanned there. It is scanned again where the base is a worse witness: another path
 * (rules and exclusions look at paths), a blob that is in HEAD (a secret that is there must be said to be there), a base
 * that no ref reaches.
 */
function changesOnly(history: History): ChangesOnly | undefined {
  const { attribution, head, context } = history;
  if (context.options['full-blobs'] === true) return undefined;
  const { margin } = context.options;
  return {
    margin: typeof margin === 'number' ? margin : VERDICT_REACH,
    comparable: (base, blob) =>
      !head.paths.has(blob) &&
      (attribution.reached[base] === 1 || attribution.reached[blob] !== 1) &&
      pathOf(history, base) === pathOf(history, blob),
  };
}

function pathOf({ head, attribution }: History, index: number): string | undefined {
  return head.paths.get(index) ?? attribution.pathOf(index);
}

function* settleUnreadable(history: History): Generator<Collected> {
  for (const path of history.head.submodules) {
    yield { kind: 'skip', scope: HISTORY, skip: { reason: 'submodule', subject: path } };
  }
  for (const oid of history.attribution.missing) {
    const gap = objectGap({ oid, failure: 'missing' }, `object ${oid}`, 0);
    yield { kind: 'gap', scope: HISTORY, gap };
  }
}

/** The path in HEAD where the blob is there, else the first path it had; an object without any is named by its id. */
function originOf(history: History, credits: ReadonlyMap<number, Credit>, index: number): Origin & { blob: string } {
  const { source, attribution, head, repository } = history;
  const blob = source.table.hex(index);
  const commit = attribution.commitOf(index);
  const present = head.paths.has(index);
  const named = pathOf(history, index);
  return {
    collector: 'git',
    path: named || `.git/objects/${blob.slice(0, 2)}/${blob.slice(2)}`,
    repository: repository.name,
    blob,
    ...(commit < 0 ? {} : { commit: source.table.hex(commit), ...credits.get(commit) }),
    ...reachability(history, index),
    present,
  };
}
