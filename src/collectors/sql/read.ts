import { indexPositions } from '../../lib/hcl/positions.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import type { Act } from './act.ts';
import { actsOf } from './acts.ts';
import { statementsOf } from './statements.ts';
import { type Dialect, type Ending, tokensOf } from './tokens.ts';

/** A larger file is a dump of data. Characters. */
const LARGEST = 32 * 1024 * 1024;
const MYSQL =
  /`|\bengine\s{0,9}=|\bauto_increment\b|\/\*!\d|['"`]@['"`]|\bidentified\s{1,9}(?:by|with|via)\b|\bdelimiter[ \t]/i;
/** From here on a migration says how to take itself back. */
const DOWN =
  /^[ \t]*(?:--|\/\/)[ \t]*(?:\+goose[ \t]+down|\+migrate[ \t]+down|migrate:down|\/\/@undo|@undo|rollback\b)/im;

/** An act with its place. */
export interface PlacedAct {
  readonly act: Act;
  readonly line: number;
  readonly column: number;
}

/** What one file does to roles, in order. */
export interface SqlFile {
  readonly acts: readonly PlacedAct[];
  readonly gaps: readonly Gap[];
}

/** Reads a file. Never throws; what has no end, and what is beyond a limit, is a gap. */
export function readSql({ origin, bytes }: Artifact): SqlFile {
  const subject = origin.path;
  if (bytes.length > LARGEST) {
    const message = `${subject}: more than ${LARGEST} bytes of SQL were not read for database roles; put roles and grants into a file of their own`;
    return { acts: [], gaps: [{ reason: 'too-large', subject, message }] };
  }
  const text = upwards(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'));
  const mysql = MYSQL.test(text);
  const first = readAs(text, { mysql, backslash: mysql });
  const read = first.unclosed === undefined ? first : better(first, readAs(text, { mysql, backslash: !mysql }));
  const position = indexPositions(text);
  const acts = read.acts.map(({ act, at }) => ({ act, ...position(at) }));
  return { acts, gaps: gapsOf(read, subject, (at) => position(at).line) };
}

interface Reading {
  readonly acts: readonly { readonly act: Act; readonly at: number }[];
  readonly unclosed: number | undefined;
  readonly cut: number | undefined;
}

/** Whether a backslash takes the next character with it cannot always be told from the file. */
function better(first: Reading, second: Reading): Reading {
  return second.unclosed === undefined ? second : first;
}

function readAs(text: string, dialect: Dialect): Reading {
  const ending: Ending = { unclosed: undefined };
  const cut: { tokens: number | undefined } = { tokens: undefined };
  const acts: { act: Act; at: number }[] = [];
  for (const statement of statementsOf(tokensOf(text, dialect, ending), cut)) {
    const block = statement[0]?.text.toUpperCase() === 'DO' ? statement.find(({ kind }) => kind === 'body') : undefined;
    if (block === undefined) for (const act of actsOf(statement)) acts.push({ act, at: act.at });
    else for (const act of readBlock(block.text, dialect, cut)) acts.push({ act, at: block.inside + act.at });
  }
  return { acts, unclosed: ending.unclosed, cut: cut.tokens };
}

/** The statements of `DO $$ … $$`, which are executed. Those that it makes from texts are not known. */
function readBlock(text: string, dialect: Dialect, cut: { tokens: number | undefined }): readonly Act[] {
  const tokens = tokensOf(text, dialect, { unclosed: undefined });
  return [...statementsOf(tokens, cut)].flatMap((statement) => actsOf(statement));
}

function gapsOf(read: Reading, subject: string, lineOf: (at: number) => number): readonly Gap[] {
  const gaps: Gap[] = [];
  if (read.unclosed !== undefined) {
    const message = `${subject}:${lineOf(read.unclosed)}: a text or comment begins here and does not end; what follows was not read for database roles`;
    gaps.push({ reason: 'malformed', subject, message });
  }
  if (read.cut !== undefined) {
    const message = `${subject}:${lineOf(read.cut)}: a statement is too long and was read up to here for database roles; split it`;
    gaps.push({ reason: 'limit', subject, message });
  }
  return gaps;
}

/** The part of a migration that is applied. */
function upwards(text: string): string {
  const down = DOWN.exec(text);
  return down === null ? text : text.slice(0, down.index);
}
