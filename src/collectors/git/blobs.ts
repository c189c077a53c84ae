import type { SourceAnswer } from '../../git/objects/object-source.ts';
import type { CollectedItem } from '../collected.ts';
import { objectGap } from '../shared/git-blobs.ts';
import { followLfsPointer } from '../shared/lfs.ts';
import { type HistoryFacts, originOf } from './facts.ts';
import { HISTORY } from './names.ts';

/** A blob to scan, or why not. */
export function readBlob(facts: HistoryFacts, answer: SourceAnswer, limit: number): CollectedItem {
  const origin = originOf(facts, answer.index);
  const scope = HISTORY;
  if ('failure' in answer) {
    return { kind: 'gap', scope, gap: objectGap({ ...answer, oid: origin.blob }, origin.path, limit) };
  }
  if (answer.bytes.length === 0) return { kind: 'skip', scope, skip: { reason: 'empty', subject: origin.path } };
  const followed = followLfsPointer(answer.bytes, facts.store, origin.path, limit);
  if (followed !== undefined) {
    if ('gap' in followed) return { kind: 'gap', scope, gap: followed.gap };
    return { kind: 'artifact', scope, artifact: { origin, bytes: followed.bytes } };
  }
  const { bytes, ranges, index, base = -1 } = answer;
  const lineage = { memory: facts.memory, self: index, base };
  return { kind: 'artifact', scope, artifact: { origin, bytes, lineage, ...(ranges ? { ranges } : {}) } };
}
