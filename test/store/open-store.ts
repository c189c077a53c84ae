import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { openStore, type Schema, type Store, type StoreWorld } from '../../src/store/index.ts';
import { MIGRATIONS } from '../../src/store/migrations/list.ts';
import { PGLITE_VERSION } from '../../src/store/pglite/load.ts';
import { ROOT } from '../architecture/source-files.ts';

/** Kept over runs of the tests, beside their own temporary folder: to make a store from nothing takes seconds. */
const KEPT = join(dirname(tmpdir()), `bowerbird-test-store-${process.getuid?.() ?? 0}`);

export const START = new Date('2026-11-01T00:00:00.000Z');

/** A day of the tests, counted from the first. */
export function day(number: number): Date {
  return new Date(START.getTime() + number * 86_400_000);
}

/** The world of the tests. PGlite is the one of the project. */
export function makeWorld(change: Partial<StoreWorld> = {}): StoreWorld {
  mkdirSync(KEPT, { recursive: true, mode: 0o700 });
  const user = process.getuid?.();
  return {
    home: join(ROOT, 'dist'),
    env: { XDG_CACHE_HOME: KEPT },
    cwd: ROOT,
    pid: process.pid,
    hostname: hostname(),
    ...(user === undefined ? {} : { user }),
    now: () => START,
    ...change,
  };
}

/** A folder for a store, with the data folder of an empty one that was made once. */
export async function makePlace(): Promise<string> {
  const place = mkdtempSync(join(tmpdir(), 'store-'));
  const key = createHash('sha256').update(Object.values(MIGRATIONS).map(String).join(PGLITE_VERSION));
  for (const { up } of Object.values(MIGRATIONS)) key.update(String(up));
  const kept = join(KEPT, `data-${key.digest('hex').slice(0, 12)}`);
  if (!existsSync(kept)) await keepEmpty(kept);
  cpSync(kept, join(place, 'data'), { recursive: true });
  return place;
}

async function keepEmpty(kept: string): Promise<void> {
  const made = mkdtempSync(join(tmpdir(), 'store-'));
  const store = await openStore({ place: made, builtInKey: true }, makeWorld());
  await store.close();
  cpSync(join(made, 'data'), `${kept}.${process.pid}`, { recursive: true });
  if (!existsSync(kept)) renameSync(`${kept}.${process.pid}`, kept);
  else rmSync(`${kept}.${process.pid}`, { recursive: true });
  rmSync(made, { recursive: true });
}

/** Opens a store in a folder of its own. */
export async function openEmbedded(): Promise<{ readonly store: Store; readonly end: () => Promise<void> }> {
  const place = await makePlace();
  const store = await openStore({ place, builtInKey: true }, makeWorld());
  const end = async (): Promise<void> => {
    await store.close();
    rmSync(place, { recursive: true, force: true });
  };
  return { store, end };
}

/** Takes all rows out. Tables of tests are small: this is faster than `truncate`. */
export async function emptyStore(db: Kysely<Schema>): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = current_schema() and table_name not like 'kysely%'`.execute(db);
  for (const { name } of rows) await sql`delete from ${sql.table(name)}`.execute(db);
}
