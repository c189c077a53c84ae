import { stringifyJson } from '../../lib/text/escape.ts';
import type { Put } from '../contract.ts';
import { JsonFragments } from './json-fragments.ts';

/** Levels of objects whose members stand on lines of their own: the document, and what it is made of. */
const OPEN_LEVELS = 2;
/** Elements of a list that share too little for it to pay to keep texts. */
const FEW = 1000;

/** Writes the pieces of a document. */
export function writeJson(document: object, put: Put): void {
  for (const piece of jsonPieces(document)) put(piece);
}

/**
 * A document of JSON in pieces. Each element of a list near the top is one line: a document of ten thousand
 * identities is a third smaller than with every member on a line of its own, and lines can be searched and compared.
 */
export function* jsonPieces(document: object): Generator<string> {
  yield* writeValue(document, 0, new JsonFragments());
  yield '\n';
}

function* writeValue(value: unknown, depth: number, fragments: JsonFragments): Generator<string> {
  if (isList(value)) yield* writeList(value, depth, fragments);
  else if (depth < OPEN_LEVELS && typeof value === 'object' && value !== null) {
    yield* writeMembers(value, depth, fragments);
  } else yield stringifyJson(value);
}

function* writeMembers(value: object, depth: number, fragments: JsonFragments): Generator<string> {
  let before = '{';
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    yield `${before}\n${indentOf(depth + 1)}${stringifyJson(name)}: `;
    yield* writeValue(member, depth + 1, fragments);
    before = ',';
  }
  yield before === '{' ? '{}' : `\n${indentOf(depth)}}`;
}

function* writeList(list: Iterable<unknown>, depth: number, fragments: JsonFragments): Generator<string> {
  let before = '[';
  let written = 0;
  for (const element of list) {
    const text = written++ < FEW ? plainText(element) : fragments.textOf(element);
    yield `${before}\n${indentOf(depth + 1)}${text ?? 'null'}`;
    before = ',';
  }
  yield before === '[' ? '[]' : `\n${indentOf(depth)}]`;
}

function plainText(element: unknown): string | undefined {
  return element === undefined ? undefined : stringifyJson(element);
}

/** A list, or what makes the elements of one while they are written. */
function isList(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

function indentOf(depth: number): string {
  return '  '.repeat(depth);
}
