import type { HeaderText } from '../../git/history/commit.ts';
import type { OidTable } from '../../git/objects/oid-table.ts';
import { mergeFields } from '../../lib/fields/merge-fields.ts';
import type { Origin } from '../../model/artifact.ts';
import type { Credit } from './messages.ts';

/** The parts of a header, in the order in which they are examined. */
export const PARTS: readonly HeaderText['part'][] = ['person', 'header'];

/**
 * Who made which commits, as lists of the same length that can be sent to another thread. An empty text means unknown.
 */
export interface CreditNote {
  readonly commits: number[];
  readonly authors: string[];
  readonly dates: string[];
  /** Texts of headers, each once, with the number of one commit or tag that has it. */
  readonly headers: Record<HeaderText['part'], Map<string, number>>;
}

/** A note without a credit. */
export function emptyNote(): CreditNote {
  return { commits: [], authors: [], dates: [], headers: { person: new Map(), header: new Map() } };
}

/** Adds a credit to a note. */
export function noteCredit(note: CreditNote, commit: number, { author = '', date = '' }: Credit): void {
  note.commits.push(commit);
  note.authors.push(author);
  note.dates.push(date);
}

/** Adds texts of a header to a note. */
export function noteHeader({ headers }: CreditNote, index: number, texts: readonly HeaderText[]): void {
  for (const { part, text } of texts) if (!headers[part].has(text)) headers[part].set(text, index);
}

/** Most bytes of different texts of headers that are kept. Nobody has so many authors. */
const MOST_HEADERS = 32 * 1024 * 1024;

/**
 * Knows who made which commit, by number. Uses lists, because an object for each commit would take ten times the
 * memory.
 */
export class Credits {
  /** Texts of headers, each once, with the number of the first commit or tag that has it. */
  readonly headers: CreditNote['headers'] = emptyNote().headers;
  /** How many texts of headers did not fit. */
  leftOut = 0;
  #bytesLeft = MOST_HEADERS;
  readonly #table: OidTable;
  readonly #placeOf = new Map<number, number>();
  readonly #authors: string[] = [];
  readonly #dates: string[] = [];
  /** Keeps one string for each author, not one for each commit. */
  readonly #names = new Map<string, string>();

  constructor(table: OidTable) {
    this.#table = table;
  }

  add({ commits, authors, dates, headers }: CreditNote): void {
    this.#addHeaders(headers);
    for (const [i, commit] of commits.entries()) {
      this.#placeOf.set(commit, this.#authors.length);
      this.#authors.push(this.#interned(authors[i] ?? ''));
      this.#dates.push(dates[i] ?? '');
    }
  }

  #addHeaders(headers: CreditNote['headers']): void {
    for (const part of PARTS) {
      for (const [text, index] of headers[part]) {
        if (this.headers[part].has(text)) continue;
        this.#bytesLeft -= text.length;
        if (this.#bytesLeft >= 0) this.headers[part].set(text, index);
        else this.leftOut += 1;
      }
    }
  }

  /** Adds author and date to the origin of a blob. */
  complete<O extends Origin>(origin: O): O {
    if (origin.blob === undefined || origin.commit === undefined) return origin;
    const commit = this.#table.findHex(Buffer.from(origin.commit, 'latin1'), 0);
    const place = this.#placeOf.get(commit) ?? -1;
    const [author = '', date = ''] = [this.#authors[place], this.#dates[place]];
    const named = author === '' ? origin : (mergeFields(origin, { author }) as O);
    return date === '' ? named : (mergeFields(named, { date }) as O);
  }

  #interned(name: string): string {
    const shared = this.#names.get(name) ?? name;
    this.#names.set(name, shared);
    return shared;
  }
}
