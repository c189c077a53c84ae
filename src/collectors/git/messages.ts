import { type Annotation, type HeaderText, parseAnnotation } from '../../git/history/commit.ts';
import { TYPE_CODE } from '../../git/objects/list-objects.ts';
import type { SourceAnswer } from '../../git/objects/object-source.ts';
import type { Origin } from '../../model/artifact.ts';
import type { CollectedItem } from '../collected.ts';
import { objectGap } from '../shared/git-blobs.ts';
import { type HistoryFacts, hexOf, reachability } from './facts.ts';

/** Scope of messages in the ledger. */
export const MESSAGES = 'messages';

/** Name of the author, and the date, of a commit. */
export interface Credit {
  readonly author?: string;
  readonly date?: string;
}

/** A message to scan, or why it is not scanned. Also who made the commit, if that could be read. */
export interface ReadMessage {
  readonly item: CollectedItem;
  readonly credit?: Credit;
  /** Other texts of its header. Empty if it could not be read. */
  readonly texts: readonly HeaderText[];
}

/**
 * Reads a commit or an annotated tag. A commit message has no path. The path of a tag message is the ref of the tag.
 */
export function readMessage(facts: HistoryFacts, answer: SourceAnswer, limit: number): ReadMessage {
  const { index } = answer;
  const oid = hexOf(facts, index);
  const scope = MESSAGES;
  if ('failure' in answer) {
    const gap = objectGap({ ...answer, oid }, `commit or tag ${oid.slice(0, 12)}`, limit);
    return { item: { kind: 'gap', scope, gap }, texts: [] };
  }
  const bytes = Buffer.from(answer.bytes.buffer, answer.bytes.byteOffset, answer.bytes.length);
  const isTag = facts.types[index] === TYPE_CODE.tag;
  return describeMessage(bytes, { oid, isTag, repository: facts.repository, ...reachability(facts, index) });
}

/** The object to which a message belongs. */
export interface MessageObject {
  readonly oid: string;
  readonly isTag: boolean;
  readonly repository: string;
  readonly reachable?: boolean;
}

/** Takes the message out of a commit or annotated tag. */
export function describeMessage(bytes: Buffer, { oid, isTag, ...rest }: MessageObject): ReadMessage {
  const scope = MESSAGES;
  const note = parseAnnotation(bytes);
  const credit = creditOf(note);
  const { texts } = note;
  const read = isTag ? { texts } : { credit, texts };
  if (note.message.length === 0)
    return { item: { kind: 'skip', scope, skip: { reason: 'empty', subject: oid } }, ...read };
  const origin: Origin = {
    collector: 'git',
    path: isTag ? `refs/tags/${note.tag ?? oid}` : '',
    part: isTag ? 'tag-message' : 'commit-message',
    commit: isTag ? (note.target ?? oid) : oid,
    ...credit,
    ...rest,
  };
  return { item: { kind: 'artifact', scope, artifact: { origin, bytes: note.message } }, ...read };
}

/** Who wrote a commit or tag, and when. */
export function creditOf({ author, date }: Annotation): Credit {
  if (date === undefined) return author === '' ? {} : { author };
  return author === '' ? { date } : { author, date };
}
