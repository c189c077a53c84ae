import { describe, expect, it } from 'vitest';
import { JsonItems } from '../../../src/lib/json/items.ts';
import { JsonWalker } from '../../../src/lib/json/walk.ts';
import { runs } from '../../property/runs.ts';

const NAMES = ['kind', 'a', ''];

/** Numbers that are the same in each run. */
function createDraw(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

function pick<T>(draw: (below: number) => number, values: readonly T[]): T {
  return values[draw(values.length)] as T;
}

const TEXTS = ['"kind"', '"a"', '""', '"k\\u0069nd"', '"b\\\\"', '"\\"}{"', '"é😀"', '"x, ]"', '"\\/\\b\\f\\n\\r\\t"'];
const WORDS = ['true', 'false', 'null', '0', '-0', '1.50', '-12e+3', '7E-2', '10', '1e999'];
const BLANKS = ['', '', ' ', '\n', '\n      ', '\r\n\t', '\n    \n     '];
/** What is put into a text to damage it, beside nothing. */
const DAMAGES = [
  '',
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '0',
  '-',
  '.',
  'e',
  'n',
  '\u0001',
  '\u00a0',
  '\ufeff',
  ' ',
  '\n',
];

/** A JSON value with blanks anywhere, keys that are written twice, and escapes. */
function write(draw: (below: number) => number, level: number): string {
  const blank = (): string => pick(draw, BLANKS);
  const kind = level === 0 ? 4 : draw(level > 3 ? 2 : 5);
  if (kind === 0) return pick(draw, TEXTS);
  if (kind === 1) return pick(draw, WORDS);
  const isMap = kind > 2;
  const parts = Array.from({ length: draw(5) }, () => {
    const value = `${blank()}${write(draw, level + 1)}${blank()}`;
    return isMap ? `${blank()}${pick(draw, TEXTS)}${blank()}:${value}` : value;
  });
  const inside = parts.length === 0 ? blank() : parts.join(',');
  return isMap ? `{${inside}}` : `[${inside}]`;
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Compares the walk over a text with what `JSON.parse` makes of it. */
function check(text: string): void {
  const bytes = Buffer.from(text);
  const walker = new JsonWalker(bytes, NAMES);
  const value = parse(bytes.toString());
  expect(walker.walk(0) === bytes.length, text).toBe(value !== undefined);
  if (value === undefined) return;
  expect(walker.lines, text).toBe(text.split('\n').length - 1);
  const items = new JsonItems(bytes, NAMES);
  expect(items.addMap(0, 1)).toMatchObject({ end: bytes.length });
  const item = items.itemAt(0, {});
  expect(item?.value).toEqual(value);
  for (const name of NAMES) {
    expect(item?.field(name), text).toEqual(value[name]);
    expect(item?.has(name), text).toBe(name in value);
  }
}

describe('a walk over JSON', () => {
  it('takes what JSON.parse takes, and finds the same fields', () => {
    const draw = createDraw(11);
    for (let round = 0; round < runs(2000); round += 1) check(write(draw, 0));
  });

  it('keeps apart what neighbours say in as many characters', () => {
    const kinds = ['Pod', 'Pod', 'Job', 'Job', 'Pod', 'p\n', ''];
    const texts = kinds.map((kind) => JSON.stringify({ kind, a: 1 }));
    const items = new JsonItems(Buffer.from(texts.join(' ')), NAMES);
    let start = 0;
    for (const text of texts) {
      items.addMap(start, 1);
      start += text.length + 1;
    }
    expect(kinds.map((_, row) => items.itemAt(row, {})?.field('kind'))).toEqual(kinds);
  });

  it('refuses what JSON.parse refuses', () => {
    const draw = createDraw(12);
    for (let round = 0; round < runs(8000); round += 1) {
      const text = write(draw, 0);
      const at = 1 + draw(text.length);
      const damaged = text.slice(0, at) + pick(draw, DAMAGES) + text.slice(at + draw(3));
      check(damaged.replace(/[ \n]+$/, ''));
    }
  });

  it('refuses each text that ends early', () => {
    const text = '{"kind": [1, -2.5e3, true, {"a": "\\u00e9\\n"}, null, []], "": {}}';
    for (let length = 1; length < text.length; length += 1) check(text.slice(0, length));
    check(text);
  });

  it('ends at the end of the map, and goes as deep as the text', () => {
    expect(new JsonWalker(Buffer.from('{"a": 1}, {"b": 2}'), []).walk(10)).toBe(18);
    const deep = `{"a": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(new JsonWalker(Buffer.from(deep), []).walk(0)).toBe(deep.length);
  });
});
