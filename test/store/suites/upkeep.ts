import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import {
  backupStore,
  copyStore,
  countChanges,
  finishRun,
  pruneStore,
  restoreStore,
  type Store,
  vacuumStore,
  windowOf,
} from '../../../src/store/index.ts';
import { TABLES } from '../../../src/store/upkeep/tables.ts';
import { inLane, itRarely } from '../../it-rarely.ts';
import { begin, makeFinding, put } from '../make-result.ts';
import { day, emptyStore } from '../open-store.ts';

/** In a lane more than a page of any table. */
const [FINDINGS, REPOSITORIES] = inLane ? [600, 12] : [20, 3];

/** All rows of all tables, as text. */
async function dump({ db }: Store): Promise<string> {
  const parts: string[] = [];
  for (const { name } of TABLES) {
    const { rows } = await sql<{ row: string }>`select to_jsonb(t)::text as row from ${sql.table(name)} t`.execute(db);
    parts.push(name, ...rows.map(({ row }) => row).sort());
  }
  return parts.join('\n');
}

/** Backup, restore, copy, prune and vacuum. */
export function describeUpkeep(store: () => Store): void {
  /** Two nights, after which one finding is fixed. */
  async function fill(): Promise<void> {
    const { db } = store();
    await emptyStore(db);
    const findings = Array.from({ length: FINDINGS }, (_, index) =>
      makeFinding(`f${index}`, { title: `"\\\n ${index}` }),
    );
    for (const number of [1, 2]) {
      const run = await begin(db, day(number));
      for (let index = 0; index < REPOSITORIES; index += 1) {
        const listed = index === 0 ? findings.slice(number - 1) : [];
        await put(db, run, `r${index}`, { findings: listed, incrementalState: `{"n":${index}}` }, day(number));
      }
      await finishRun(db, run, day(number));
    }
  }

  describe('upkeep', () => {
    it('restores what was backed up, and refuses what is no whole backup or a store with rows', async () => {
      const { db } = store();
      const folder = mkdtempSync(join(tmpdir(), 'store-backup-'));
      try {
        await fill();
        const before = await dump(store());
        const file = join(folder, 'night.gz');
        const counts = await backupStore(db, file);
        expect(counts).toMatchObject({ finding: FINDINGS, place: FINDINGS, repository: REPOSITORIES, run: 2 });
        expect(statSync(file).mode & 0o077, 'nobody else may read it').toBe(0);
        await expect(restoreStore(db, file)).rejects.toThrow('is not empty (repository)');
        await expect(copyStore(db, db)).rejects.toThrow('is not empty');
        await emptyStore(db);
        const text = gunzipSync(readFileSync(file)).toString();
        const bad: Readonly<Record<string, [Buffer, string]>> = {
          cut: [readFileSync(file).subarray(0, 400), 'ends too soon'],
          short: [gzipSync(text.slice(0, text.lastIndexOf('{"end"'))), 'ends too soon'],
          plain: [Buffer.from(text), 'is no backup'],
          other: [gzipSync('{"a":1}\n'), 'is no backup'],
          odd: [gzipSync(text.replace('"table":"finding"', '"table":"pg_class"')), 'is no backup'],
          newer: [gzipSync(text.replace('0001-tables', '0001-tables","0002-x')), 'Another version'],
        };
        for (const [name, [bytes, message]] of Object.entries(bad)) {
          writeFileSync(join(folder, name), bytes);
          await expect(restoreStore(db, join(folder, name)), name).rejects.toThrow(message);
        }
        await expect(restoreStore(db, join(folder, 'none'))).rejects.toThrow('cannot be read (ENOENT)');
        expect(await restoreStore(db, file)).toEqual(counts);
        expect(await dump(store())).toBe(before);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    itRarely('prunes what ended, keeps what is open, and vacuums', async () => {
      const { db } = store();
      await fill();
      expect(await pruneStore(db, 30, day(20))).toMatchObject({ coverage: 0, finding: 0 });
      const deleted = await pruneStore(db, 30, day(40));
      expect(deleted).toMatchObject({
        finding: 1,
        sighting: 1,
        place: 1,
        coverage: REPOSITORIES,
        attempt: REPOSITORIES,
      });
      const run = await begin(db, day(41));
      await put(db, run, 'r0', { findings: [makeFinding('f7'), makeFinding('f0')] }, day(41));
      expect(await finishRun(db, run, day(41))).toMatchObject({ new: 1, fixed: FINDINGS - 2, open: 2 });
      expect(await countChanges(db, await windowOf(db, run))).toMatchObject({ new: 1, still: 1, fixed: FINDINGS - 2 });
      await vacuumStore(store());
    });
  });
}
