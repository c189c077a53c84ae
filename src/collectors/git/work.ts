import type { ObjectParts, SourceAnswer } from '../../git/objects/object-source.ts';
import { openSharedParts } from '../../git/pack/part-reader.ts';
import type { Origin } from '../../model/artifact.ts';
import type { PartItem, SharedWork, WorkReader } from '../abilities.ts';
import type { CollectContext } from '../contract.ts';
import { readBlob } from './blobs.ts';
import { type CreditNote, type Credits, emptyNote, noteCredit, noteHeader } from './credits.ts';
import { changesOnly, type HistoryFacts, shareFacts } from './facts.ts';
import { readMessage } from './messages.ts';
import type { History } from './model.ts';

/** Reads parts of objects, in this thread only. */
interface PartSource {
  read(part: number): Iterable<SourceAnswer>;
  close?(): void;
}

/** What another thread needs to read parts of a history. */
interface SharedHistory {
  readonly facts: HistoryFacts;
  /** Number of parts with messages. They come before the parts with blobs. */
  readonly messageParts: number;
  readonly messages: unknown;
  readonly blobs: unknown;
}

/** Reads a history in parts: first messages, then blobs. */
class HistoryReader implements WorkReader {
  readonly #facts: HistoryFacts;
  readonly #limit: number;
  readonly #messageParts: number;
  readonly #messages: Lazy<PartSource>;
  readonly #blobs: Lazy<PartSource>;

  constructor(
    facts: HistoryFacts,
    limit: number,
    messageParts: number,
    sources: { messages(): PartSource; blobs(): PartSource },
  ) {
    this.#facts = facts;
    this.#limit = limit;
    this.#messageParts = messageParts;
    this.#messages = new Lazy(sources.messages);
    this.#blobs = new Lazy(sources.blobs);
  }

  read(part: number): Generator<PartItem> {
    if (part < this.#messageParts) return this.#readMessages(part);
    return this.#readBlobs(part - this.#messageParts);
  }

  close(): void {
    this.#messages.made?.close?.();
    this.#blobs.made?.close?.();
  }

  /** Messages, then who made their commits. */
  *#readMessages(part: number): Generator<PartItem> {
    const note = emptyNote();
    for (const answer of this.#messages.get().read(part)) {
      const { item, credit, texts } = readMessage(this.#facts, answer, this.#limit);
      noteHeader(note, answer.index, texts);
      if (credit !== undefined) noteCredit(note, answer.index, credit);
      yield item;
    }
    yield { kind: 'note', note };
  }

  *#readBlobs(part: number): Generator<PartItem> {
    for (const answer of this.#blobs.get().read(part)) yield readBlob(this.#facts, answer, this.#limit);
  }
}

/** The packed objects of a history as work for several threads. */
export class HistoryWork implements SharedWork {
  readonly parts: number;
  readonly #facts: HistoryFacts;
  readonly #credits: Credits;
  readonly #messages: ObjectParts;
  readonly #blobs: ObjectParts;
  readonly #reader: HistoryReader;

  constructor(history: History, facts: HistoryFacts, credits: Credits, messages: ObjectParts, blobs: ObjectParts) {
    this.parts = messages.count + blobs.count;
    this.#facts = facts;
    this.#credits = credits;
    this.#messages = messages;
    this.#blobs = blobs;
    const sources = { messages: () => messages, blobs: () => blobs };
    this.#reader = new HistoryReader(facts, history.context.limits.fileBytes, messages.count, sources);
  }

  read(part: number): Generator<PartItem> {
    return this.#reader.read(part);
  }

  accepts(part: number): boolean {
    const { count } = this.#messages;
    return part < count ? this.#messages.accepts(part) : this.#blobs.accepts(part - count);
  }

  note(note: unknown): void {
    this.#credits.add(note as CreditNote);
  }

  complete<O extends Origin>(origin: O): O {
    return this.#credits.complete(origin);
  }

  share(): unknown {
    const messageParts = this.#messages.count;
    const shared: SharedHistory = {
      facts: shareFacts(this.#facts),
      messageParts,
      messages: this.#messages.share(),
      blobs: this.#blobs.share(),
    };
    return shared;
  }

  /** The source belongs to the one who opened it. */
  close(): void {}
}

/** Opens what `HistoryWork.share` returned in another thread. Packs are opened when their first part is read. */
export function openSharedHistory(context: CollectContext, shared: unknown): WorkReader {
  const { facts, messageParts, messages, blobs } = shared as SharedHistory;
  return new HistoryReader(facts, context.limits.fileBytes, messageParts, {
    messages: () => openSharedParts(messages),
    blobs: () => openSharedParts(blobs, changesOnly(facts, context)),
  });
}

/** Makes a value when it is first needed. */
class Lazy<T> {
  made: T | undefined;
  readonly #make: () => T;

  constructor(make: () => T) {
    this.#make = make;
  }

  get(): T {
    this.made ??= this.#make();
    return this.made;
  }
}
