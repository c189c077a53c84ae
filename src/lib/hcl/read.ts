import { readExpression } from './expression.ts';
import { indexPositions } from './positions.ts';
import { Reader } from './reader.ts';
import { HclSyntaxError } from './scanner.ts';
import { readQuoted } from './template.ts';
import {
  HCL_LIMITS,
  type HclAttribute,
  type HclBlock,
  type HclBody,
  type HclFile,
  type HclLimits,
  type HclProblem,
} from './types.ts';

interface OpenBody extends HclBody {
  readonly attributes: HclAttribute[];
  readonly blocks: HclBlock[];
}

/**
 * Reads HCL2 native syntax. Never throws. What cannot be read becomes a problem with line and column. Its block keeps
 * what came before, and reading continues at the next line that starts with a word in column one.
 */
export function readHcl(text: string, limits: HclLimits = HCL_LIMITS): HclFile {
  const positionAt = indexPositions(text);
  const body: OpenBody = { attributes: [], blocks: [] };
  const problems: HclProblem[] = [];
  if (text.length > limits.length) {
    const message = `the file is longer than ${limits.length} characters`;
    return { body, problems: [{ message, line: 1, column: 1 }], positionAt };
  }
  let start = 0;
  while (start < text.length && problems.length < limits.problems) {
    const reader = new Reader(text, start, text.length, limits.depth);
    try {
      readBody(reader, body, false);
      break;
    } catch (error) {
      if (!(error instanceof HclSyntaxError)) throw error;
      problems.push({ message: error.message, ...positionAt(error.offset) });
      start = resumeAt(text, Math.max(error.offset, reader.at, start));
    }
  }
  return { body, problems, positionAt };
}

/** The next line start that holds a word in column one; the end of the text where there is none. */
function resumeAt(text: string, from: number): number {
  const next = /\n(?=[A-Za-z_])/g;
  next.lastIndex = from;
  const match = next.exec(text);
  return match === null ? text.length : match.index + 1;
}

function readBody(reader: Reader, body: OpenBody, inBlock: boolean): void {
  for (;;) {
    reader.skipSpace(true);
    if (reader.at >= reader.end) {
      if (inBlock) reader.fail('a block is not closed');
      return;
    }
    if (inBlock && reader.take('}')) return;
    readStatement(reader, body);
  }
}

function readStatement(reader: Reader, body: OpenBody): void {
  const start = reader.at;
  const name = reader.word();
  if (name === undefined) reader.fail('a name is expected here');
  const end = reader.at;
  reader.skipSpace(false);
  if (reader.peek() === '=' && reader.peek(1) !== '=') {
    reader.at += 1;
    body.attributes.push({ name, value: readExpression(reader, 'line'), start, end });
    return;
  }
  readBlock(reader, body, name, start);
}

function readBlock(reader: Reader, body: OpenBody, type: string, start: number): void {
  const labels: string[] = [];
  let end = reader.at;
  for (;;) {
    reader.skipSpace(false);
    if (reader.take('{')) break;
    labels.push(readLabel(reader));
    end = reader.at;
  }
  const inner: OpenBody = { attributes: [], blocks: [] };
  const header = labels.length === 0 ? start + type.length : end;
  body.blocks.push({ type, labels, body: inner, start, end: header });
  reader.nested(() => readBody(reader, inner, true));
}

function readLabel(reader: Reader): string {
  if (reader.peek() === '"') {
    const label = readQuoted(reader, readExpression);
    if (label.kind === 'string') return label.value;
    reader.fail('a block label is a plain string', label.start);
  }
  return reader.word() ?? reader.fail('"=", "{" or a label is expected here');
}
