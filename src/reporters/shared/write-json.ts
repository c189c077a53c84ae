import type { Put } from '../contract.ts';
import { stringifyJson } from './escape.ts';
import { JsonFragments } from './json-fragments.ts';

/** Levels of objects whose members stand on lines of their own: the document, and what it is made of. */
const OPEN_LEVELS = 2;
/** Elements of a list that share too little for it to pay to keep texts. */
const FEW = 1000;

/**
 * Writes a document of JSON in pieces. Each element of a list near the top is one line: a document of ten thousand
 * identities is a third smaller than with every member on a line of its own, and lines can be searched and compared.
 */
export function writeJson(document: object, put: Put): void {
  writeValue(document, { depth: 0, put, fragments: new JsonFragments() });
  put('\n');
}

interface Writing {
  readonly depth: number;
  readonly put: Put;
  readonly fragments: JsonFragments;
}

function writeValue(value: unknown, writing: Writing): void {
  if (isList(value)) writeList(value, writing);
  else if (writing.depth < OPEN_LEVELS && typeof value === 'object' && value !== null) writeMembers(value, writing);
  else writing.put(stringifyJson(value));
}

function writeMembers(value: object, writing: Writing): void {
  const { depth, put } = writing;
  let before = '{';
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    put(`${before}\n${indentOf(depth + 1)}${stringifyJson(name)}: `);
    writeValue(member, { ...writing, depth: depth + 1 });
    before = ',';
  }
  put(before === '{' ? '{}' : `\n${indentOf(depth)}}`);
}

function writeList(list: Iterable<unknown>, { depth, put, fragments }: Writing): void {
  let before = '[';
  let written = 0;
  for (const element of list) {
    const text = written++ < FEW ? plainText(element) : fragments.textOf(element);
    put(`${before}\n${indentOf(depth + 1)}${text ?? 'null'}`);
    before = ',';
  }
  put(before === '[' ? '[]' : `\n${indentOf(depth)}]`);
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
