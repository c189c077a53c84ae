import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely } from 'kysely';
import type { StoreWorld } from '../contract.ts';
import { lockFolder } from '../lock.ts';
import type { Schema } from '../schema.ts';
import { pgliteDialect } from './dialect.ts';
import { loadPGlite } from './load.ts';
import { prepareDataFolder } from './prepare.ts';
import { SETTINGS } from './settings.ts';

/** Tables, and how they are let go of. */
export interface OpenDatabase {
  readonly db: Kysely<Schema>;
  readonly close: () => Promise<void>;
}

/**
 * Opens the store of a folder for this process alone.
 * @throws UsageError where PGlite is missing, or another process has the store
 */
export async function openFolder(folder: string, world: StoreWorld): Promise<OpenDatabase> {
  const pglite = loadPGlite(world.home);
  const lock = await lockFolder(folder, world);
  try {
    const data = join(folder, 'data');
    await prepareDataFolder(data, pglite, world);
    // PGlite leaves this file behind and does not believe it; a real server would.
    rmSync(join(data, 'postmaster.pid'), { force: true });
    const startParams = [...pglite.PGlite.defaultStartParams, ...SETTINGS.flatMap((setting) => ['-c', setting])];
    const client = await pglite.PGlite.create({ dataDir: data, startParams });
    const db = new Kysely<Schema>({ dialect: pgliteDialect(client) });
    return { db, close: () => closeAll(db, lock.release) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function closeAll(db: Kysely<Schema>, release: () => void): Promise<void> {
  try {
    await db.destroy();
  } finally {
    release();
  }
}
