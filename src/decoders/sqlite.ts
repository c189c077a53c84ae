import type { Artifact } from '../model/artifact.ts';
import { type DecodeBudget, type Decoded, defineDecoder } from './contract.ts';
import type { SqliteDamage, SqliteRow } from './readers/sqlite.ts';
import { containerGap, toEntry } from './shared/container.ts';
import { giveFile } from './shared/entries.ts';

const MAGIC = Buffer.from('SQLite format 3\0');
const SHORTEST = 512;
/** Bytes of rows that are looked at together. */
const CHUNK = 64 * 1024;
/** Shorter blobs are numbers and hashes. */
const SHORTEST_BLOB = 32;
const [TAB, LINE_END] = [Buffer.from('\t'), Buffer.from('\n')];

/**
 * SQLite databases: the texts of each table, a row a line, and blobs one by one, since something can be packed in them.
 */
export default defineDecoder({
  id: 'sqlite',
  title: 'SQLite database',
  form: 'container',
  begins: [0x53],
  accepts: ({ bytes }) =>
    bytes[0] === MAGIC[0] && bytes.length >= SHORTEST && MAGIC.equals(bytes.subarray(0, MAGIC.length)),
  decode,
});

async function* decode(artifact: Artifact, budget: DecodeBudget): AsyncGenerator<Decoded> {
  const { readSqlite } = await import('./readers/sqlite.ts');
  const damage: SqliteDamage = { isDamaged: false };
  let lines: Lines = { table: '', parts: [], length: 0 };
  for (const row of readSqlite(artifact.bytes, damage)) {
    if (row.table !== lines.table || lines.length >= CHUNK) {
      yield* give(artifact, lines);
      lines = { table: row.table, parts: [], length: 0 };
    }
    const length = addLine(lines, row);
    if (length > budget.bytes)
      return yield containerGap(artifact, 'limit', 'holds more text than the limits allow; the rest was not scanned');
    budget.bytes -= length;
    for (const { kind, bytes } of row.values) {
      if (kind !== 'blob' || bytes.length < SHORTEST_BLOB) continue;
      if (!(yield* giveFile('sqlite', artifact, { name: `${row.table}/${row.id}`, data: bytes }, budget))) return;
    }
  }
  yield* give(artifact, lines);
  if (damage.isDamaged) yield containerGap(artifact, 'corrupt', 'the SQLite database is damaged or cut off');
}

interface Lines {
  readonly table: string;
  readonly parts: Uint8Array[];
  length: number;
}

/** Returns how many bytes were added. */
function addLine(lines: Lines, { values }: SqliteRow): number {
  const texts = values.filter(({ kind }) => kind === 'text').map(({ bytes }) => bytes);
  if (texts.length === 0) return 0;
  const parts = texts.flatMap((text, index) => [text, index === texts.length - 1 ? LINE_END : TAB]);
  for (const part of parts) lines.parts.push(part);
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  lines.length += length;
  return length;
}

function* give(artifact: Artifact, { table, parts, length }: Lines): Generator<Decoded> {
  if (length > 0) yield toEntry('sqlite', artifact, table, Buffer.concat(parts));
}
