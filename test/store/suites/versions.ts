import { type Kysely, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { migrate, readStanding, type Store } from '../../../src/store/index.ts';
import { requireCurrent } from '../../../src/store/migrate.ts';
import { MIGRATIONS } from '../../../src/store/migrations/list.ts';
import { itRarely } from '../../it-rarely.ts';

/** Migrations: forward only, and a newer store is left alone. */
export function describeVersions(store: () => Store): void {
  describe('migrations', () => {
    it('are applied once, and are numbered in order', async () => {
      const { db } = store();
      expect(await readStanding(db)).toEqual({ missing: [], unknown: [] });
      expect(await migrate(db)).toEqual([]);
      const names = Object.keys(MIGRATIONS);
      expect(names.map((name) => Number(name.slice(0, 4)))).toEqual(names.map((_, index) => index + 1));
    });

    itRarely('of a newer version are refused, and those that are missing are named', async () => {
      const { db } = store();
      const more = { ...MIGRATIONS, '9000-more': { up: async () => undefined } };
      expect(await readStanding(db, more)).toEqual({ missing: ['9000-more'], unknown: [] });
      expect(await migrate(db, more)).toEqual(['9000-more']);
      await expect(migrate(db)).rejects.toThrow('A newer Bowerbird has written this store (9000-more)');
      await expect(requireCurrent(db)).rejects.toThrow('Update Bowerbird');
      await sql`delete from kysely_migration where name = '9000-more'`.execute(db);
      await requireCurrent(db);
    });

    itRarely('that fail change nothing', async () => {
      const { db } = store();
      const up = async (trx: Kysely<unknown>): Promise<void> => {
        await sql`create table half_made (id text)`.execute(trx);
        throw new Error('stopped midway');
      };
      const half = { ...MIGRATIONS, '9001-half': { up } };
      await expect(migrate(db, half)).rejects.toThrow('stopped midway');
      expect(await readStanding(db)).toEqual({ missing: [], unknown: [] });
      const { rows } = await sql<{ there: boolean }>`select to_regclass('half_made') is not null as there`.execute(db);
      expect(rows).toEqual([{ there: false }]);
    });
  });
}
