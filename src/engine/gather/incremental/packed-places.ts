import type { Location } from '../../../model/location.ts';

/** What places in one version of a file have in common: all but lines and columns. */
type Holder = Omit<Location, 'startLine' | 'startColumn' | 'endLine' | 'endColumn'>;

/** Places as a state has them: each as the number of its holder, start line, start column, end line and end column. */
export type PackedPlaces = readonly number[];

const NUMBERS = 5;

type Check = (value: unknown) => boolean;

/** What a holder has, and what it may have. */
const NEEDED: Readonly<Record<string, Check>> = { collector: isText, path: isText };
const OPTIONAL: Readonly<Record<string, Check>> = {
  part: isText,
  repository: isText,
  commit: isId,
  blob: isId,
  author: isText,
  date: isText,
  url: isText,
  exposure: isText,
  reachable: isFlag,
  present: isFlag,
  decoded: isTexts,
  cell: isCount,
};
const FIELDS = [...Object.keys(NEEDED), ...Object.keys(OPTIONAL)] as readonly (keyof Holder)[];

/** Packs places: most of them are versions of a few files, and versions have many places. */
export class PlacePacker {
  /** In the order of their numbers. */
  readonly holders: Holder[] = [];
  readonly #numbers = new Map<string, number[]>();

  pack(places: readonly Location[]): PackedPlaces {
    const packed: number[] = [];
    for (const place of places) {
      const { startLine, startColumn, endLine, endColumn } = place;
      packed.push(this.#numberOf(place), startLine, startColumn, endLine, endColumn);
    }
    return packed;
  }

  #numberOf(place: Location): number {
    const key = place.blob ?? place.commit ?? '';
    const numbers = this.#numbers.get(key) ?? [];
    for (const number of numbers) if (isHolder(this.holders[number] as Holder, place)) return number;
    const { startLine, startColumn, endLine, endColumn, ...holder } = place;
    if (numbers.push(this.holders.length) === 1) this.#numbers.set(key, numbers);
    return this.holders.push(holder) - 1;
  }
}

function isHolder(holder: Holder, place: Location): boolean {
  for (const field of FIELDS) {
    const [a, b] = [holder[field], place[field]];
    if (a !== b && !(Array.isArray(a) && Array.isArray(b) && a.join('\n') === b.join('\n'))) return false;
  }
  return true;
}

/** Unpacks places; undefined where `PlacePacker` cannot have written the numbers. */
export function unpackPlaces(packed: PackedPlaces, holders: readonly Holder[]): Location[] | undefined {
  if (packed.length % NUMBERS !== 0) return undefined;
  const places: Location[] = [];
  for (let at = 0; at < packed.length; at += NUMBERS) {
    const holder = holders[packed[at] as number];
    if (holder === undefined) return undefined;
    const startLine = packed[at + 1] as number;
    const startColumn = packed[at + 2] as number;
    const endLine = packed[at + 3] as number;
    const endColumn = packed[at + 4] as number;
    places.push(placeIn(holder, { startLine, startColumn, endLine, endColumn }));
  }
  return places;
}

type Lines = Pick<Location, 'startLine' | 'startColumn' | 'endLine' | 'endColumn'>;

/** The usual place is made in one piece: an object that parts are added to takes twice the memory. */
function placeIn(holder: Holder, { startLine, startColumn, endLine, endColumn }: Lines): Location {
  const { collector, path, part, repository, commit, blob, author, date, url, exposure, reachable, present } = holder;
  const { decoded, cell } = holder;
  const isInText = part === undefined && decoded === undefined && cell === undefined;
  const isPlain = isInText && url === undefined && exposure === undefined;
  const isInObject = repository !== undefined && commit !== undefined && blob !== undefined;
  const isKnown = author !== undefined && date !== undefined && reachable !== undefined && present !== undefined;
  if (isPlain && isInObject && isKnown) {
    return {
      collector,
      repository,
      blob,
      commit,
      reachable,
      present,
      path,
      startLine,
      startColumn,
      endLine,
      endColumn,
      author,
      date,
    };
  }
  const place = { ...holder, startLine, startColumn, endLine, endColumn };
  return decoded === undefined ? place : { ...place, decoded };
}

export function arePacked(value: unknown): value is PackedPlaces {
  return Array.isArray(value) && value.every(Number.isSafeInteger);
}

export function areHolders(value: unknown): value is Holder[] {
  return Array.isArray(value) && value.every(isHolderOf);
}

function isHolderOf(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const record = value as Readonly<Record<string, unknown>>;
  for (const key in NEEDED) if (!(key in record)) return false;
  for (const key in record) if ((NEEDED[key] ?? OPTIONAL[key])?.(record[key]) !== true) return false;
  return true;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value);
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(value);
}

export function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isText);
}
