import { defined } from '../../lib/fields/defined.ts';
import type { Gap } from '../../model/gap.ts';
import { dateOf, type JsonRecord, textOf } from './json.ts';

/** One of the two key slots of a user in the credential report. */
export interface KeySlot {
  readonly active: boolean;
  /** Date of creation. AWS calls it "rotated", but it says when the key was made. */
  readonly createdAt?: string;
  /** Absent if the report does not say. `never` if it says that the key was not used. */
  readonly lastUsedAt?: string;
}

/** A user in the credential report. */
export interface ReportRow {
  readonly user: string;
  readonly arn: string;
  readonly createdAt?: string;
  readonly passwordEnabled?: boolean;
  readonly passwordLastUsedAt?: string;
  /** True where there is no password, or no use of it is known. */
  readonly passwordUnused?: boolean;
  readonly mfa?: boolean;
  readonly keys: readonly KeySlot[];
}

export const ROOT_USER = '<root_account>';
/** Most columns and rows of one report that are read. A report of AWS has 22 columns. */
export const MAX_COLUMNS = 100;
export const MAX_ROWS = 100_000;

/** Rows of a report, and gaps for what could not be read. */
export interface Report {
  readonly rows: readonly ReportRow[];
  readonly gaps: readonly Gap[];
}

const SUBJECT = 'credential report';

/** Rows of a recorded credential report: the answer of GetCredentialReport, whose `Content` is CSV in base64. */
export function readReport(answer: JsonRecord): Report {
  const content = textOf(answer['Content']);
  // Reading the file has already reported an answer without content.
  if (content === undefined) return { rows: [], gaps: [] };
  const text = content.startsWith('user,') ? content : Buffer.from(content, 'base64').toString('utf8');
  const { rows: lines, isTorn } = parseCsv(text);
  const [head, ...rows] = lines;
  if (head === undefined || head[0] !== 'user') return { rows: [], gaps: [noReport()] };
  const read = (row: readonly string[]): ReportRow | undefined =>
    readRow(new Map(head.slice(0, MAX_COLUMNS).map((name, index) => [name, row[index] ?? ''])));
  const known = rows.slice(0, MAX_ROWS).flatMap((row) => read(row) ?? []);
  return { rows: known, gaps: [...findGaps(head, rows.length, known.length), ...(isTorn ? [tornCells()] : [])] };
}

function findGaps(head: readonly string[], rows: number, known: number): Gap[] {
  const beyond = (name: string, most: number): Gap => ({
    reason: 'limit',
    subject: SUBJECT,
    message: `${SUBJECT}: it has more than ${most} ${name}, and the rest was not read`,
    scope: true,
  });
  const unknown = Math.min(rows, MAX_ROWS) - known;
  return [
    ...(rows > MAX_ROWS ? [beyond('rows', MAX_ROWS)] : []),
    ...(head.length > MAX_COLUMNS ? [beyond('columns', MAX_COLUMNS)] : []),
    ...(unknown > 0 ? [unknownRows(unknown)] : []),
  ];
}

function unknownRows(count: number): Gap {
  const message = `${SUBJECT}: ${count} of its rows name no user with an ARN; record the report again`;
  return { reason: 'malformed', subject: SUBJECT, message };
}

function tornCells(): Gap {
  const message = `${SUBJECT}: a quote in it does not end with its cell, so rows can be missing; record it again`;
  return { reason: 'malformed', subject: SUBJECT, message, scope: true };
}

function noReport(): Gap {
  const message = `${SUBJECT}: "Content" is no report in base64: it does not begin with the column "user"; record it again`;
  return { reason: 'malformed', subject: SUBJECT, message, scope: true };
}

function readRow(cells: ReadonlyMap<string, string>): ReportRow | undefined {
  const user = cells.get('user') ?? '';
  const arn = cells.get('arn') ?? '';
  if (user === '' || !arn.startsWith('arn:')) return undefined;
  const created = dateOf(cells.get('user_creation_time'));
  const used = dateOf(cells.get('password_last_used'));
  const password = flag(cells.get('password_enabled'));
  const unused = /^(?:N\/A|no_information)$/i.test(cells.get('password_last_used') ?? '') ? true : undefined;
  const mfa = flag(cells.get('mfa_active'));
  return {
    user,
    arn,
    ...defined({
      createdAt: created,
      passwordEnabled: password,
      passwordLastUsedAt: used,
      passwordUnused: unused,
      mfa,
    }),
    keys: ['1', '2'].flatMap((slot) => readSlot(cells, slot) ?? []),
  };
}

/** A slot without a creation date holds no key. */
function readSlot(cells: ReadonlyMap<string, string>, slot: string): KeySlot | undefined {
  const active = flag(cells.get(`access_key_${slot}_active`));
  const createdAt = dateOf(cells.get(`access_key_${slot}_last_rotated`));
  if (active === undefined || (createdAt === undefined && !active)) return undefined;
  const used = cells.get(`access_key_${slot}_last_used_date`);
  const lastUsedAt = used === 'N/A' ? 'never' : dateOf(used);
  return {
    active,
    ...defined({ createdAt, lastUsedAt }),
  };
}

/** `not_supported` (for the password of the root account) and `no_information` mean unknown. */
function flag(cell: string | undefined): boolean | undefined {
  const text = cell?.toLowerCase();
  return text === 'true' || text === 'false' ? text === 'true' : undefined;
}

/** Rows of CSV text. */
export interface CsvRows {
  readonly rows: readonly (readonly string[])[];
  /** A quote is not closed, or text stands behind the one that closes a cell: what follows may be misread. */
  readonly isTorn: boolean;
}

/** One cell, and where it ends. */
interface Cell {
  readonly text: string;
  readonly next: number;
  readonly isTorn: boolean;
}

/**
 * Parses CSV text (RFC 4180, LF or CRLF). Returns at most two rows more than `MAX_ROWS` and one column more than
 * `MAX_COLUMNS`, so that the caller can tell that there are more. A quote that is not closed ends with the text.
 */
export function parseCsv(text: string): CsvRows {
  const rows: string[][] = [];
  let row: string[] = [];
  let isTorn = false;
  let at = 0;
  while (at < text.length && rows.length < MAX_ROWS + 2) {
    const cell = text[at] === '"' ? readQuoted(text, at) : readPlain(text, at);
    // Keeps one column more than is read, which shows that there are more.
    if (row.length <= MAX_COLUMNS) row.push(cell.text);
    isTorn ||= cell.isTorn;
    at = cell.next;
    if (text[at] === ',' && at + 1 < text.length) {
      at += 1;
      continue;
    }
    while (at < text.length && ',\r\n'.includes(text[at] as string)) at += 1;
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  }
  return { rows, isTorn };
}

function readPlain(text: string, start: number): Cell {
  let next = start;
  while (next < text.length && !',\r\n'.includes(text[next] as string)) next += 1;
  return { text: text.slice(start, next), next, isTorn: false };
}

/** Reads a quoted cell. A doubled quote is one quote. Text between the closing quote and the separator is dropped. */
function readQuoted(text: string, start: number): Cell {
  const cellTo = (end: number, next: number, isTorn: boolean): Cell => ({
    text: text.slice(start + 1, end).replaceAll('""', '"'),
    next,
    isTorn,
  });
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return cellTo(text.length, text.length, true);
    if (text[quote + 1] !== '"') {
      const { text: behind, next } = readPlain(text, quote + 1);
      return cellTo(quote, next, behind !== '');
    }
    at = quote + 2;
  }
}
