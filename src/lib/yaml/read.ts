import type { Document } from 'yaml';
import { nestsDeeper } from '../text/nesting.ts';
import { findDuplicateKey } from './keys.ts';
import { describeYamlError } from './message.ts';

/**
 * Bounds of every YAML text: levels of nesting, how often aliases may repeat a value, and documents in one text. A
 * document costs about a kilobyte of memory, however short it is.
 */
export const YAML_LIMITS = { depth: 100, aliases: 100, documents: 20_000 } as const;

/** Keys and indexes from the root of a document to one of its values. */
export type YamlPath = readonly (string | number)[];

/** 1-based line and column. */
export interface YamlPlace {
  readonly line: number;
  readonly column: number;
}

/** One document and the places of its values. */
export interface YamlDocument {
  readonly value: unknown;
  /** Start and end of a value or of its key. Where the path does not exist: of the nearest parent that does. */
  place(path: YamlPath, what?: 'key' | 'value'): { readonly start: YamlPlace; readonly end: YamlPlace };
}

/** A document that cannot be read, or a text beyond a limit. The message quotes nothing of the text. */
export interface YamlProblem extends YamlPlace {
  readonly reason: 'malformed' | 'limit';
  readonly message: string;
}

/** The syntax tree of one document, for readers that need tags. */
export interface YamlTree {
  readonly document: Document.Parsed;
  placeOf(offset: number): YamlPlace;
}

const START: YamlPlace = { line: 1, column: 1 };

/** Tells a problem from what a reader of this module returns otherwise. */
export function isYamlProblem(result: YamlDocument | YamlTree | YamlProblem): result is YamlProblem {
  return 'message' in result;
}

/** Parses a text that holds one document. A key that is written twice is a problem. The parser is loaded lazily. */
export async function readYaml(text: string): Promise<YamlDocument | YamlProblem> {
  const tree = await readYamlTree(text);
  return isYamlProblem(tree) ? tree : toDocument(tree, text);
}

/** As `readYaml`, but returns the syntax tree. Aliases are not expanded, so the caller has to bound that. */
export async function readYamlTree(text: string): Promise<YamlTree | YamlProblem> {
  if (isTooDeep(text)) return tooDeep();
  const library = await import('yaml');
  const lines = new library.LineCounter();
  const options = { lineCounter: lines, prettyErrors: false, logLevel: 'silent', uniqueKeys: false } as const;
  const document = parseOne(() => library.parseDocument(text, options));
  if ('message' in document) return document;
  const placeOf = (offset: number): YamlPlace => toPlace(lines.linePos(offset), 0);
  // Only the first error: the others mostly follow from it.
  const [error] = document.errors;
  if (error !== undefined) return malformed(error, placeOf(error.pos[0]));
  const twice = findDuplicateKey(library, document);
  if (twice === undefined) return { document, placeOf };
  return { reason: 'malformed', message: 'Map keys must be unique', ...placeOf(twice) };
}

/** The parser calls itself for each level, also for some that `isTooDeep` cannot count: its stack may be too small. */
function parseOne<T>(parse: () => T): T | YamlProblem {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RangeError) return tooDeep();
    return malformed(error, START);
  }
}

/**
 * Parses all documents of a text; JSON is YAML. A malformed document does not hide the others: a line of three dashes
 * ends it, wherever that line stands (YAML 1.2.2, 9.1.2). A key that is written twice has its last value.
 */
export async function readYamlDocuments(text: string): Promise<YamlDocuments> {
  if (isTooDeep(text)) return { documents: [], problems: [tooDeep()] };
  const library = await import('yaml');
  const whole = readPiece(library, { text, line: 0 });
  if (!whole.problems.some(({ reason }) => reason === 'malformed')) return whole;
  return joinPieces(splitDocuments(text), (piece) => readPiece(library, piece));
}

/** The documents that can be read, and a problem for each that cannot. */
export interface YamlDocuments {
  readonly documents: readonly YamlDocument[];
  readonly problems: readonly YamlProblem[];
}

/** Text from a line on, counted from 0. */
interface Piece {
  readonly text: string;
  readonly line: number;
}

function splitDocuments(text: string): Piece[] {
  const pieces: Piece[] = [];
  let line = 0;
  for (const piece of text.split(/^(?=---(?:[ \t\r\n]|$))/m)) {
    pieces.push({ text: piece, line });
    line += piece.split('\n').length - 1;
  }
  return pieces;
}

function joinPieces(pieces: readonly Piece[], read: (piece: Piece) => YamlDocuments): YamlDocuments {
  const [documents, problems]: [YamlDocument[], YamlProblem[]] = [[], []];
  for (const piece of pieces) {
    if (documents.length >= YAML_LIMITS.documents) return { documents, problems: [...problems, tooMany(piece.line)] };
    const parsed = read(piece);
    documents.push(...parsed.documents);
    problems.push(...parsed.problems);
  }
  return { documents, problems };
}

function readPiece(library: typeof import('yaml'), { text, line }: Piece): YamlDocuments {
  const [documents, problems]: [YamlDocument[], YamlProblem[]] = [[], []];
  const lines = new library.LineCounter();
  const placeOf = (offset: number): YamlPlace => toPlace(lines.linePos(offset), line);
  const composer = new library.Composer({ uniqueKeys: false });
  const tokens = new library.Parser(lines.addNewLine).parse(text);
  try {
    for (const document of composer.compose(tokens, true, text.length)) {
      if (documents.length >= YAML_LIMITS.documents) return { documents, problems: [...problems, tooMany(line)] };
      const [error] = document.errors;
      const read =
        error === undefined ? toDocument({ document, placeOf }, text) : malformed(error, placeOf(error.pos[0]));
      if (isYamlProblem(read)) problems.push(read);
      else documents.push(read);
    }
  } catch (error) {
    const place = { line: line + 1, column: 1 };
    problems.push(error instanceof RangeError ? tooDeep(place) : malformed(error, place));
  }
  return { documents, problems };
}

function toDocument({ document, placeOf }: YamlTree, text: string): YamlDocument | YamlProblem {
  const start = placeOf(document.range[0]);
  try {
    const value: unknown = document.toJS({ maxAliasCount: YAML_LIMITS.aliases });
    // Only an alias can make a value deeper than its text.
    if (text.includes('*') && heightOf(value, new Map()) > YAML_LIMITS.depth) return tooDeep(start);
    return { value, place: (path, what = 'value') => placesOf(document, placeOf, path, what) };
  } catch (error) {
    return malformed(error, start);
  }
}

/** Levels of lists and maps in a value: 0 for a scalar, Infinity for a value that holds itself. */
function heightOf(value: unknown, heights: Map<object, number>): number {
  if (typeof value !== 'object' || value === null) return 0;
  const measured = heights.get(value);
  if (measured !== undefined) return measured;
  heights.set(value, Number.POSITIVE_INFINITY);
  let height = 0;
  for (const item of Object.values(value)) height = Math.max(height, heightOf(item, heights));
  heights.set(value, height + 1);
  return height + 1;
}

function placesOf(
  document: Document.Parsed,
  placeOf: YamlTree['placeOf'],
  path: YamlPath,
  what: 'key' | 'value',
): { readonly start: YamlPlace; readonly end: YamlPlace } {
  for (let length = path.length; length >= 0; length -= 1) {
    const key = rangeOf(keyAt(document, path.slice(0, length)));
    const value = rangeOf(length === 0 ? document.contents : document.getIn(path.slice(0, length), true));
    const range = what === 'key' ? (key ?? value) : (value ?? key);
    if (range !== undefined) return { start: placeOf(range[0]), end: placeOf(range[1]) };
  }
  return { start: START, end: START };
}

/** The node of the last key of a path; undefined for an index. */
function keyAt(document: Document.Parsed, path: YamlPath): unknown {
  if (typeof path.at(-1) !== 'string') return undefined;
  const map: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const items: unknown = typeof map === 'object' && map !== null ? Reflect.get(map, 'items') : undefined;
  if (!Array.isArray(items)) return undefined;
  return items.map((pair) => Reflect.get(Object(pair), 'key')).find((key) => key?.value === path.at(-1));
}

function rangeOf(node: unknown): readonly [start: number, end: number] | undefined {
  const range: unknown = typeof node === 'object' && node !== null ? Reflect.get(node, 'range') : undefined;
  if (!Array.isArray(range) || typeof range[0] !== 'number') return undefined;
  return [range[0], typeof range[1] === 'number' ? range[1] : range[0]];
}

function toPlace({ line, col }: { readonly line: number; readonly col: number }, before: number): YamlPlace {
  return { line: Math.max(1, line) + before, column: Math.max(1, col) };
}

/** The parser descends as deep as the text does, and a stack that overflows may end the process. */
function isTooDeep(text: string): boolean {
  return nestsDeeper(Buffer.from(text), YAML_LIMITS.depth);
}

function tooDeep(place: YamlPlace = START): YamlProblem {
  const message = `nested deeper than ${YAML_LIMITS.depth} levels; write it flatter`;
  return { reason: 'malformed', message, ...place };
}

function tooMany(line: number): YamlProblem {
  const message = `documents behind the first ${YAML_LIMITS.documents} were not read`;
  return { reason: 'limit', message, line: line + 1, column: 1 };
}

function malformed(error: unknown, place: YamlPlace): YamlProblem {
  return { reason: 'malformed', message: describeYamlError(error), ...place };
}
