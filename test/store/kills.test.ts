import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/index.ts';
import { ROOT } from '../architecture/source-files.ts';
import { inLane } from '../it-rarely.ts';
import { makePlace, makeWorld } from './open-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'store-kills-'));
const program = join(folder, 'owner.cjs');

/** Starts an owner, kills it once it has committed so many repositories, and returns how far it got. */
async function killOwner(place: string, from: number, after: number, delay: number): Promise<number> {
  const child = spawn(process.execPath, [program, join(ROOT, 'dist'), place, String(from)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  let last = from - 1;
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line.split(' ')[1]);
    if (last === from + after - 1) setTimeout(() => child.kill('SIGKILL'), delay);
  }
  await exit;
  return last;
}

/** Kills owners of one store one after the other; each reads what all before it have committed. */
async function killMany(kills: number): Promise<void> {
  const place = await makePlace();
  const committed: number[] = [];
  try {
    let next = 1;
    for (let kill = 0; kill < kills; kill += 1) {
      const last = await killOwner(place, next, 1 + (kill % 3), (kill * 7) % 40);
      for (let number = next; number <= last; number += 1) committed.push(number);
      // What was under way may have been committed without a word.
      next = last + 2;
    }
    const store = await openStore({ place, builtInKey: true }, makeWorld());
    const { rows } = await sql<{ repository: string; n: number }>`
      select repository, count(*)::int as n from place group by repository`.execute(store.db);
    const stored = new Map(rows.map(({ repository, n }) => [repository, n]));
    expect(committed.filter((number) => stored.get(`r${number}`) !== 20)).toEqual([]);
    expect(
      [...stored.values()].every((n) => n === 20),
      'no repository is stored in part',
    ).toBe(true);
    expect(committed.length).toBeGreaterThanOrEqual(kills);
    await store.close();
    expect(readdirSync(place)).toEqual(['data']);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

describe.skipIf(!inLane)('an owner that is killed with -9', () => {
  beforeAll(async () => {
    await build({
      entryPoints: [join(ROOT, 'test/store/owner-process.ts')],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      external: ['pg-native'],
      logLevel: 'error',
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('loses no committed row', () => killMany(1));
  it('loses no committed row, twenty times', () => killMany(20), 240_000);
});
