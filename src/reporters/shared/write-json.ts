import type { Put } from '../contract.ts';
import { stringifyJson } from './escape.ts';

/** Levels of objects whose members stand on lines of their own: the document, and what it is made of. */
const OPEN_LEVELS = 2;

/**
 * Writes a document of JSON in pieces. Each element of a list near the top is one line: a document of ten thousand
 * identities is a third smaller than with every member on a line of its own, and lines can be searched and compared.
 */
export function writeJson(document: object, put: Put): void {
  writeValue(document, 0, put);
  put('\n');
}

function writeValue(value: unknown, depth: number, put: Put): void {
  if (Array.isArray(value)) writeList(value, depth, put);
  else if (depth < OPEN_LEVELS && typeof value === 'object' && value !== null) writeMembers(value, depth, put);
  else put(stringifyJson(value));
}

function writeMembers(value: object, depth: number, put: Put): void {
  let before = '{';
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    put(`${before}\n${indentOf(depth + 1)}${stringifyJson(name)}: `);
    writeValue(member, depth + 1, put);
    before = ',';
  }
  put(before === '{' ? '{}' : `\n${indentOf(depth)}}`);
}

function writeList(list: readonly unknown[], depth: number, put: Put): void {
  let before = '[';
  for (const element of list) {
    put(`${before}\n${indentOf(depth + 1)}${stringifyJson(element ?? null)}`);
    before = ',';
  }
  put(before === '[' ? '[]' : `\n${indentOf(depth)}]`);
}

function indentOf(depth: number): string {
  return '  '.repeat(depth);
}
