import { addedRanges, intersectRanges, type Range } from '../../git/changes/line-diff.ts';
import { type ObjectAnswer, readObjects } from '../../git/objects/cat-file.ts';
import type { Git } from '../../git/process/open.ts';
import type { GitProcess } from '../../git/process/process.ts';
import { isPlainText } from '../../lib/bytes/binary.ts';
import type { Gap } from '../../model/gap.ts';

const MAX_COMPARED = 16 * 1024 * 1024;

/** A blob to read, and the earlier versions with which it is compared. */
export interface WantedBlob {
  readonly oid: string;
  readonly bases: readonly string[];
}

/** A blob that was read. `ranges`: the added lines. Absent if there is nothing to compare with. */
export interface AddedBlob<W> {
  readonly want: W;
  readonly answer: ObjectAnswer;
  readonly ranges?: readonly Range[];
}

/**
 * Reads blobs and their earlier versions through one git process. A line counts as added if no earlier version has it.
 * A version is not compared if it cannot be read, may be something else than text, or is over 16 MiB. Then more counts
 * as added, never less.
 */
export async function* readAdded<W extends WantedBlob>(
  git: Git,
  wanted: readonly W[],
  maxBytes: number,
  started?: GitProcess,
): AsyncGenerator<AddedBlob<W>> {
  const options = started === undefined ? { maxBytes } : { maxBytes, started };
  const answers = readObjects(git, requests(wanted), options);
  try {
    for (const want of wanted) {
      const bases: Buffer[] = [];
      for (const _ of want.bases) {
        const base = (await answers.next()).value;
        if (base && 'bytes' in base) bases.push(base.bytes);
      }
      const answer = (await answers.next()).value ?? { oid: want.oid, failure: 'missing' };
      const ranges = 'bytes' in answer ? rangesAdded(bases, answer.bytes) : undefined;
      yield { want, answer, ...(ranges ? { ranges } : {}) };
    }
  } finally {
    await answers.return(undefined);
  }
}

function* requests(wanted: readonly WantedBlob[]): Generator<string> {
  for (const { oid, bases } of wanted) {
    yield* bases;
    yield oid;
  }
}

/** Returns the lines of a version that none of the earlier ones has. Undefined if there is nothing to compare with. */
export function rangesAdded(bases: readonly Buffer[], bytes: Buffer): readonly Range[] | undefined {
  if (!isComparable(bytes)) return undefined;
  let ranges: readonly Range[] | undefined;
  for (const base of bases.filter(isComparable)) {
    const added = addedRanges(base, bytes);
    ranges = ranges ? intersectRanges(ranges, added) : added;
  }
  return ranges;
}

function isComparable(bytes: Buffer): boolean {
  return bytes.length <= MAX_COMPARED && isPlainText(bytes);
}

/** The gap for an object that could not be read. `subject`: its path, or what else names it. */
export function objectGap(answer: Extract<ObjectAnswer, { failure: string }>, subject: string, limit: number): Gap {
  const short = answer.oid.slice(0, 12);
  if (answer.failure === 'too-large') {
    const message = `${subject} (${short}) has ${answer.size} bytes, over the limit of ${limit}: raise limits.file-bytes to read it`;
    return { reason: 'too-large', subject, message };
  }
  if (answer.failure === 'missing') {
    return {
      reason: 'missing-object',
      subject,
      message: `${subject}: object ${short} is not in the repository; fetch it`,
    };
  }
  if (answer.failure === 'limit') {
    const message = `${subject} (${short}) was not read: the packs describe far more data than they hold`;
    return { reason: 'limit', subject, message };
  }
  const reason = answer.failure;
  return {
    reason,
    subject,
    message: `${subject}: git could not read object ${short}; run "git fsck" to see what is broken`,
  };
}
