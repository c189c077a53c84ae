/** Types of pages of a b-tree: inner and leaf pages of indexes and of tables. */
const [INNER_INDEX, INNER_TABLE, LEAF_INDEX, LEAF_TABLE] = [2, 5, 10, 13];
/** Bytes before the first page's own header, and of the smallest page. */
const [HEADER, SHORTEST] = [100, 512];

/** A value of a row: text as UTF-8, or a blob. */
export interface SqliteValue {
  readonly kind: 'text' | 'blob';
  readonly bytes: Uint8Array;
}

/** One row of a table, without its numbers. */
export interface SqliteRow {
  readonly table: string;
  /** Number of the row; 0 in tables without. */
  readonly id: number;
  readonly values: readonly SqliteValue[];
}

/** What is wrong with a database as far as it was read. */
export interface SqliteDamage {
  isDamaged: boolean;
}

interface Database {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly pageSize: number;
  /** Bytes of a page that hold something: the rest is for extensions. */
  readonly usable: number;
  readonly encoding: number;
  readonly damage: SqliteDamage;
  /** Pages that were read: a circle of pages ends there. */
  readonly visited: Set<number>;
}

/**
 * Reads all rows of all tables of a SQLite database (SQLite file format, 2024), values that go on over several pages
 * whole. What is deleted or stands in a journal is no row: the scan of the bytes reads that.
 */
export function* readSqlite(bytes: Uint8Array, damage: SqliteDamage): Generator<SqliteRow> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const stated = bytes.length < SHORTEST ? 0 : view.getUint16(16);
  const pageSize = stated === 1 ? 65_536 : stated;
  const usable = pageSize - (bytes[20] ?? 0);
  if (pageSize < SHORTEST || (pageSize & (pageSize - 1)) !== 0 || usable < 480) {
    damage.isDamaged = true;
    return;
  }
  const database: Database = {
    bytes,
    view,
    pageSize,
    usable,
    encoding: view.getUint32(56),
    damage,
    visited: new Set(),
  };
  const roots: [string, number][] = [];
  for (const record of readTree(database, 1)) {
    const { name, root } = readSchema(record);
    if (root > 1) roots.push([name, root]);
    yield toRow(record, 'sqlite_master');
  }
  for (const [name, root] of roots) for (const record of readTree(database, root)) yield toRow(record, name);
}

interface Column {
  readonly kind: 'text' | 'blob' | 'number';
  readonly bytes: Uint8Array;
}

interface Row {
  readonly id: number;
  readonly columns: readonly Column[];
}

function toRow({ id, columns }: Row, table: string): SqliteRow {
  const values = columns.flatMap(({ kind, bytes }) =>
    kind === 'number' || bytes.length === 0 ? [] : [{ kind, bytes }],
  );
  return { table, id, values };
}

/** A row of the schema: type, name, name of the table, root page, SQL. */
function readSchema({ columns }: Row): { readonly name: string; readonly root: number } {
  const [, , table, root] = columns;
  const name = Buffer.from(table?.bytes ?? []).toString('utf8');
  return { name, root: [...(root?.bytes ?? [])].reduce((value, byte) => value * 256 + byte, 0) };
}

/** Pages are taken from a list and not by recursion: a hostile file may be as deep as it has pages. */
function* readTree(database: Database, root: number): Generator<Row> {
  const waiting = [root];
  for (let page = waiting.pop(); page !== undefined; page = waiting.pop()) {
    const start = (page - 1) * database.pageSize;
    if (database.visited.has(page) || page < 1 || start + database.pageSize > database.bytes.length) {
      database.damage.isDamaged ||= !database.visited.has(page);
      continue;
    }
    database.visited.add(page);
    yield* readPage(database, start, waiting);
  }
}

function* readPage(database: Database, start: number, waiting: number[]): Generator<Row> {
  const { bytes, view, usable, damage } = database;
  const head = start + (start === 0 ? HEADER : 0);
  const type = bytes[head] as number;
  const isInner = type === INNER_INDEX || type === INNER_TABLE;
  if (!isInner && type !== LEAF_INDEX && type !== LEAF_TABLE) {
    damage.isDamaged = true;
    return;
  }
  if (isInner) waiting.push(view.getUint32(head + 8));
  const pointers = head + (isInner ? 12 : 8);
  for (let index = 0; index < view.getUint16(head + 3); index += 1) {
    const pointer = pointers + index * 2;
    if (pointer + 2 > start + usable) break;
    const cell = start + view.getUint16(pointer);
    if (isInner && cell + 4 <= start + usable) waiting.push(view.getUint32(cell));
    if (type === INNER_TABLE) continue;
    const row = readCell(database, start, isInner ? cell + 4 : cell, type === LEAF_TABLE);
    if (row === undefined) damage.isDamaged = true;
    else yield row;
  }
}

function readCell(database: Database, page: number, cell: number, isTable: boolean): Row | undefined {
  const { bytes, usable } = database;
  const length = readNumber(bytes, cell);
  const id = isTable ? readNumber(bytes, length.end) : { value: 0, end: length.end };
  const mostLocal = isTable ? usable - 35 : Math.floor(((usable - 12) * 64) / 255) - 23;
  if (length.value > bytes.length || id.end > page + usable) return undefined;
  const payload = readPayload(database, page, id.end, length.value, mostLocal);
  return payload === undefined ? undefined : { id: id.value, columns: readRecord(payload, database.encoding) };
}

/** What stands in the page, and the pages that it goes on in. */
function readPayload(
  database: Database,
  page: number,
  at: number,
  length: number,
  mostLocal: number,
): Uint8Array | undefined {
  const { bytes, view, usable } = database;
  const leastLocal = Math.floor(((usable - 12) * 32) / 255) - 23;
  const wanted = leastLocal + ((length - leastLocal) % (usable - 4));
  const local = length <= mostLocal ? length : wanted <= mostLocal ? wanted : leastLocal;
  const end = at + local;
  if (end + (local < length ? 4 : 0) > page + database.pageSize) return undefined;
  if (local === length) return bytes.subarray(at, end);
  return Buffer.concat([bytes.subarray(at, end), ...readOverflow(database, view.getUint32(end), length - local)]);
}

/** Parts of a value in pages of its own, each of which says which is the next. */
function readOverflow(
  { bytes, view, usable, pageSize, damage, visited }: Database,
  first: number,
  length: number,
): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let [page, missing] = [first, length];
  while (missing > 0) {
    const start = (page - 1) * pageSize;
    if (page < 1 || start + pageSize > bytes.length || visited.has(page)) {
      damage.isDamaged = true;
      return parts;
    }
    visited.add(page);
    const part = bytes.subarray(start + 4, start + Math.min(usable, 4 + missing));
    parts.push(part);
    missing -= part.length;
    page = view.getUint32(start);
  }
  return parts;
}

/** Columns by their serial types: even from 12 on a blob, odd from 13 on text, below a number. */
function readRecord(payload: Uint8Array, encoding: number): Column[] {
  const columns: Column[] = [];
  const header = readNumber(payload, 0);
  let [at, data] = [header.end, header.value];
  while (at < Math.min(header.value, payload.length)) {
    const { value: type, end } = readNumber(payload, at);
    at = end;
    const size = type >= 12 ? Math.floor((type - 12) / 2) : ([0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0][type] ?? 0);
    const bytes = payload.subarray(data, data + size);
    data += size;
    if (type < 12) columns.push({ kind: 'number', bytes });
    else columns.push(type % 2 === 0 ? { kind: 'blob', bytes } : { kind: 'text', bytes: toUtf8(bytes, encoding) });
  }
  return columns;
}

function toUtf8(bytes: Uint8Array, encoding: number): Uint8Array {
  if (encoding < 2) return bytes;
  const even = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)));
  return Buffer.from((encoding === 3 ? even.swap16() : even).toString('utf16le'), 'utf8');
}

/** A number of one to nine bytes, the highest seven bits first. */
function readNumber(bytes: Uint8Array, at: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let index = 0; index < 8; index += 1) {
    const byte = bytes[at + index] ?? 0;
    value = value * 128 + (byte & 127);
    if (byte < 128) return { value, end: at + index + 1 };
  }
  return { value: value * 256 + (bytes[at + 8] ?? 0), end: at + 9 };
}
