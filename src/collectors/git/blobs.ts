import type { SourceAnswer } from '../../git/objects/object-source.ts';
import { defined } from '../../lib/fields/defined.ts';
import type { Gap } from '../../model/gap.ts';
import type { Location } from '../../model/location.ts';
import type { CollectedItem } from '../collected.ts';
import { objectGap } from '../shared/git-blobs.ts';
import { followLfsPointer } from '../shared/lfs.ts';
import { type HistoryFacts, originOf } from './facts.ts';
import { HISTORY } from './names.ts';

/** Returns a blob to scan, or why it is not scanned. */
export function readBlob(facts: HistoryFacts, answer: SourceAnswer, limit: number): CollectedItem {
  const origin = originOf(facts, answer.index);
  const scope = HISTORY;
  if ('failure' in answer) {
    const gap = objectGap({ ...answer, oid: origin.blob }, origin.path, limit);
    return { kind: 'gap', scope, gap: withObject(gap, origin) };
  }
  if (answer.bytes.length === 0) return { kind: 'skip', scope, skip: { reason: 'empty', subject: origin.path } };
  const followed = followLfsPointer(answer.bytes, facts.store, origin.path, limit);
  if (followed !== undefined) {
    if ('gap' in followed) return { kind: 'gap', scope, gap: withObject(followed.gap, origin) };
    return { kind: 'artifact', scope, artifact: { origin, bytes: followed.bytes } };
  }
  const { bytes, ranges, index, base = -1 } = answer;
  const lineage = { memory: facts.memory, self: index, base };
  return { kind: 'artifact', scope, artifact: { origin, bytes, lineage, ...(ranges ? { ranges } : {}) } };
}

/** A missing object may come later, by "git lfs fetch" or "git fetch". Then an incremental run reads it. */
export function withObject(gap: Gap, { blob, commit }: Pick<Location, 'blob' | 'commit'>): Gap {
  return gap.reason === 'missing-object' ? { ...gap, ...defined({ blob, commit }) } : gap;
}
