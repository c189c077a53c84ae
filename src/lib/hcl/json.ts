import { readExpression } from './expression.ts';
import { indexPositions } from './positions.ts';
import { Reader } from './reader.ts';
import { HclSyntaxError, Scanner } from './scanner.ts';
import {
  HCL_LIMITS,
  type HclAttribute,
  type HclBlock,
  type HclBody,
  type HclEntry,
  type HclFile,
  type HclLimits,
  type HclPosition,
  type HclValue,
} from './types.ts';

/** A JSON text as values with spans, or the problem that makes it unreadable. */
export interface JsonDocument {
  readonly value?: HclValue;
  readonly problem?: HclPosition & { readonly message: string };
  positionAt(offset: number): HclPosition;
}

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;
/** Labels below a block type of `.tf.json`. Other types take none. */
const LABELS: ReadonlyMap<string, number> = new Map([
  ['resource', 2],
  ['data', 2],
  ['ephemeral', 2],
  ['provider', 1],
  ['variable', 1],
  ['output', 1],
  ['module', 1],
]);

/**
 * Reads JSON with spans. With `templates`, strings that hold `${` become templates as Terraform reads them; a span
 * inside such a string is the whole string's. Never throws.
 */
export function readJsonValues(text: string, templates: boolean, limits: HclLimits = HCL_LIMITS): JsonDocument {
  const positionAt = indexPositions(text);
  if (text.length > limits.length) {
    return {
      problem: { message: `the file is longer than ${limits.length} characters`, line: 1, column: 1 },
      positionAt,
    };
  }
  try {
    const reader = new JsonReader(text, templates, limits.depth);
    return { value: reader.document(), positionAt };
  } catch (error) {
    if (!(error instanceof HclSyntaxError)) throw error;
    return { problem: { message: error.message, ...positionAt(error.offset) }, positionAt };
  }
}

/** Reads the JSON form of Terraform (`.tf.json`). Nested blocks stay attributes: see `childBodies`. Never throws. */
export function readHclJson(text: string, limits: HclLimits = HCL_LIMITS): HclFile {
  const { value, problem, positionAt } = readJsonValues(text, true, limits);
  const blocks: HclBlock[] = [];
  const attributes: HclAttribute[] = [];
  for (const entry of value?.kind === 'object' ? value.entries : []) {
    const type = keyText(entry.key);
    if (entry.value.kind === 'object' || entry.value.kind === 'list') {
      addBlocks(blocks, type, [], entry, LABELS.get(type) ?? 0);
    } else attributes.push(attributeOf(entry));
  }
  return { body: { attributes, blocks }, problems: problem === undefined ? [] : [problem], positionAt };
}

/** Reads JSON whose entries are attributes (`.tfvars.json`). Texts mean what they say. Never throws. */
export function readJsonBody(text: string, limits: HclLimits = HCL_LIMITS): HclFile {
  const { value, problem, positionAt } = readJsonValues(text, false, limits);
  const body = bodyOf(value?.kind === 'object' ? value.entries : []);
  return { body, problems: problem === undefined ? [] : [problem], positionAt };
}

function addBlocks(
  blocks: HclBlock[],
  type: string,
  labels: readonly string[],
  entry: HclEntry,
  missing: number,
): void {
  const values = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  for (const value of values) {
    if (value.kind !== 'object') continue;
    if (missing === 0)
      blocks.push({ type, labels, body: bodyOf(value.entries), start: entry.key.start, end: entry.key.end });
    else
      for (const child of value.entries) addBlocks(blocks, type, [...labels, keyText(child.key)], child, missing - 1);
  }
}

/** The entries of an object, as a body. */
export function bodyOf(entries: readonly HclEntry[]): HclBody {
  return { attributes: entries.map(attributeOf), blocks: [] };
}

function attributeOf(entry: HclEntry): HclAttribute {
  return { name: keyText(entry.key), value: entry.value, start: entry.key.start, end: entry.key.end };
}

function keyText(key: HclValue): string {
  if (key.kind === 'string') return key.value;
  return 'text' in key ? key.text : '';
}

class JsonReader extends Scanner {
  private readonly templates: boolean;
  private readonly maxDepth: number;

  constructor(text: string, templates: boolean, maxDepth: number) {
    super(text, text.startsWith('\ufeff') ? 1 : 0, text.length);
    this.templates = templates;
    this.maxDepth = maxDepth;
  }

  document(): HclValue {
    const value = this.value(0);
    this.blank();
    if (this.at < this.end) this.fail('text after the end of the document');
    return value;
  }

  private blank(): void {
    while (this.at < this.end && ' \t\r\n'.includes(this.peek())) this.at += 1;
  }

  private value(depth: number): HclValue {
    if (depth > this.maxDepth) this.fail(`nested deeper than ${this.maxDepth} levels`);
    this.blank();
    const start = this.at;
    const char = this.peek();
    if (char === '{') return this.object(depth);
    if (char === '[') return this.list(depth);
    if (char === '"') return this.templates ? this.template() : this.string();
    const word = this.match(LITERAL);
    if (word === 'null') return { kind: 'null', start, end: this.at };
    if (word !== undefined) return { kind: 'bool', value: word === 'true', start, end: this.at };
    const number = this.match(NUMBER);
    if (number === undefined) return this.fail('a JSON value is expected here');
    return { kind: 'number', value: Number(number), start, end: this.at };
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const token = pattern.exec(this.text)?.[0];
    this.at += token?.length ?? 0;
    return token;
  }

  private object(depth: number): HclValue {
    const start = this.at;
    const entries: HclEntry[] = [];
    this.at += 1;
    this.blank();
    while (!this.take('}')) {
      if (entries.length > 0) this.separator();
      if (this.peek() !== '"') this.fail('a quoted key is expected here');
      const key = this.string();
      this.blank();
      if (!this.take(':')) this.fail('":" is expected after a key');
      entries.push({ key, value: this.value(depth + 1) });
      this.blank();
    }
    return { kind: 'object', entries, start, end: this.at };
  }

  private list(depth: number): HclValue {
    const start = this.at;
    const items: HclValue[] = [];
    this.at += 1;
    this.blank();
    while (!this.take(']')) {
      if (items.length > 0) this.separator();
      items.push(this.value(depth + 1));
      this.blank();
    }
    return { kind: 'list', items, start, end: this.at };
  }

  private separator(): void {
    if (!this.take(',')) this.fail('"," is expected here');
    this.blank();
  }

  private string(): HclValue & { readonly kind: 'string' } {
    const start = this.at;
    let at = start + 1;
    while (at < this.end && this.text[at] !== '"') at += this.text[at] === '\\' ? 2 : 1;
    if (at >= this.end) this.fail('a string is not closed', start);
    this.at = at + 1;
    try {
      const value = JSON.parse(this.text.slice(start, this.at)) as string;
      return { kind: 'string', value, start, end: this.at };
    } catch {
      return this.fail('a string holds a character or escape that JSON does not allow', start);
    }
  }

  private template(): HclValue {
    const plain = this.string();
    if (!plain.value.includes('${') && !plain.value.includes('%{')) return plain;
    const span = { start: plain.start, end: plain.end };
    return readTemplateText(plain.value, span, this.maxDepth) ?? { kind: 'expression', text: plain.value, ...span };
  }
}

/** A template inside a JSON string; undefined where it holds directives or cannot be read. */
function readTemplateText(
  text: string,
  span: { readonly start: number; readonly end: number },
  maxDepth: number,
): HclValue | undefined {
  const parts: HclValue[] = [];
  const reader = new Reader(text, 0, text.length, maxDepth);
  try {
    while (reader.at < reader.end) parts.push({ ...readPart(reader), ...span });
  } catch (error) {
    if (error instanceof HclSyntaxError) return undefined;
    throw error;
  }
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  return { kind: 'template', parts, text, ...span };
}

function readPart(reader: Reader): HclValue {
  const start = reader.at;
  if (reader.startsWith('%{')) reader.fail('directive');
  if (reader.take('${')) {
    const value = readExpression(reader, 'interpolation');
    reader.skipSpace(true);
    if (!reader.take('}')) reader.fail('an interpolation is not closed', start);
    return value;
  }
  let literal = '';
  while (reader.at < reader.end && !reader.startsWith('${') && !reader.startsWith('%{')) {
    if (reader.take('$${')) literal += '${';
    else {
      literal += reader.peek();
      reader.at += 1;
    }
  }
  return { kind: 'string', value: literal, start, end: reader.at };
}
