import type { OidTable } from '../../git/objects/oid-table.ts';
import { mergeFields } from '../../lib/fields/merge-fields.ts';
import type { Origin } from '../../model/artifact.ts';
import type { Credit } from './messages.ts';

/** Who made which commits: lists of the same length, fit to be sent to another thread. Empty texts: not known. */
export interface CreditNote {
  readonly commits: number[];
  readonly authors: string[];
  readonly dates: string[];
}

/** A note without a credit. */
export function emptyNote(): CreditNote {
  return { commits: [], authors: [], dates: [] };
}

/** Adds a credit to a note. */
export function noteCredit(note: CreditNote, commit: number, { author = '', date = '' }: Credit): void {
  note.commits.push(commit);
  note.authors.push(author);
  note.dates.push(date);
}

/** Who made which commit, by number. In lists: an object for each commit would take ten times the memory. */
export class Credits {
  readonly #table: OidTable;
  readonly #placeOf = new Map<number, number>();
  readonly #authors: string[] = [];
  readonly #dates: string[] = [];
  /** One string for every author, not one for every commit. */
  readonly #names = new Map<string, string>();

  constructor(table: OidTable) {
    this.#table = table;
  }

  add({ commits, authors, dates }: CreditNote): void {
    for (const [i, commit] of commits.entries()) {
      this.#placeOf.set(commit, this.#authors.length);
      this.#authors.push(this.#interned(authors[i] ?? ''));
      this.#dates.push(dates[i] ?? '');
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
    const known = this.#names.get(name) ?? name;
    this.#names.set(name, known);
    return known;
  }
}
