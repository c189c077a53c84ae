import { TYPE_CODE } from '../../git/objects/list-objects.ts';
import { countOf, type SourceAnswer } from '../../git/objects/object-source.ts';
import type { Collected } from '../contract.ts';
import { objectGap } from '../shared/git-blobs.ts';
import { readBlob } from './blobs.ts';
import { Credits, emptyNote, noteCredit, noteHeader } from './credits.ts';
import { changesOnly, gatherFacts, type HistoryFacts } from './facts.ts';
import { namesOfHistory } from './history-names.ts';
import { MESSAGES, readMessage } from './messages.ts';
import type { History } from './model.ts';
import { HISTORY } from './names.ts';
import { HistoryWork } from './work.ts';

/**
 * Yields every message and every blob of the store once, submodules as skips, and a gap for each object that the
 * history names and the store lacks. What lies in packs becomes work that threads can share; the rest follows.
 */
export async function* collectContents(history: History): AsyncGenerator<Collected> {
  const { source, context } = history;
  const facts = gatherFacts(history);
  const credits = new Credits(source.table);
  const limit = context.limits.fileBytes;
  const changes = changesOnly(facts, context);
  yield* planContents(history);
  const messages = source.annotationParts?.(limit);
  const blobs = source.blobParts?.(limit, changes);
  if (messages !== undefined && blobs !== undefined) {
    yield { kind: 'work', work: new HistoryWork(history, facts, credits, messages, blobs) };
  }
  yield* readMessages(facts, credits, messages?.readRest() ?? source.readAnnotations(limit), limit);
  for await (const answer of blobs?.readRest() ?? source.readBlobs(limit, changes)) {
    const item = readBlob(facts, answer, limit);
    if (item.kind !== 'artifact') yield item;
    else yield { ...item, artifact: { ...item.artifact, origin: credits.complete(item.artifact.origin) } };
  }
  yield* namesOfHistory(facts, credits, history.head.further);
}

async function* readMessages(
  facts: HistoryFacts,
  credits: Credits,
  answers: AsyncIterable<SourceAnswer>,
  limit: number,
): AsyncGenerator<Collected> {
  const note = emptyNote();
  for await (const answer of answers) {
    const { item, credit, texts } = readMessage(facts, answer, limit);
    noteHeader(note, answer.index, texts);
    if (credit !== undefined) noteCredit(note, answer.index, credit);
    yield item;
  }
  credits.add(note);
}

function* planContents(history: History): Generator<Collected> {
  const { source, attribution, head } = history;
  const annotations = countOf(source.types, [TYPE_CODE.commit, TYPE_CODE.tag]);
  yield { kind: 'plan', scope: MESSAGES, unit: 'messages', count: annotations };
  const types = [TYPE_CODE.blob, TYPE_CODE.unreadable];
  const unreachable = countOf(source.types, types, (index) => attribution.reached[index] !== 1);
  const count = countOf(source.types, types) + attribution.missing.size + head.submodules.length;
  const facts = { unreachable: history.walkComplete ? unreachable : 'unknown' };
  yield { kind: 'plan', scope: HISTORY, unit: 'blobs', count, facts };
  yield* settleUnreadable(history);
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
