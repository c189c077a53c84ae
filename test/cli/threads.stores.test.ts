import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { busyAccount } from '../collectors/busy-account.ts';
import { busyHistory } from '../engine/gather/parallel/busy-history.ts';
import { makeFolder } from './run-bowerbird.ts';
import { runBowerbird } from './run-either.ts';

/** The JSON report of a scan with so many threads, without its times. */
async function report(cwd: string, target: string, threads: number): Promise<Record<string, unknown>> {
  const args = ['scan', target, '--threads', String(threads), '--json', '--verbose'];
  const { stdout, stderr } = await runBowerbird(args, { cwd });
  expect(stderr).toBe('');
  const { run: _, ...rest } = JSON.parse(stdout) as Record<string, unknown>;
  return rest;
}

function expectFindings(found: Record<string, unknown>, least: number): void {
  expect((found['findings'] as unknown[]).length).toBeGreaterThan(least);
}

describe('--threads', () => {
  it('changes nothing in the report on a history and its work tree', async () => {
    const { folder } = busyHistory();
    for (const [target, counts] of [
      ['git:.', [2, 3, 8]],
      ['.', [2]],
    ] as const) {
      const alone = await report(folder, target, 1);
      expectFindings(alone, 10);
      for (const threads of counts) expect(await report(folder, target, threads)).toEqual(alone);
    }
  }, 180_000);

  it('changes nothing in the report on an account', async () => {
    const { folder, remove } = await makeFolder(busyAccount(420));
    const alone = await report(folder, 'dump:.', 1);
    expectFindings(alone, 100);
    for (const threads of [2, 5]) expect(await report(folder, 'dump:.', threads)).toEqual(alone);
    await remove();
  }, 180_000);

  it('changes nothing where a pack is broken', async () => {
    const { folder } = busyHistory();
    const packs = join(folder, '.git/objects/pack');
    for (const name of readdirSync(packs).filter((one) => one.endsWith('.pack'))) {
      const bytes = readFileSync(join(packs, name));
      for (let at = Math.floor(bytes.length / 3); at < bytes.length - 40; at += 3001) bytes[at] = 0xa5;
      chmodSync(join(packs, name), 0o644);
      writeFileSync(join(packs, name), bytes);
    }
    const alone = await report(folder, 'git:.', 1);
    expect(JSON.stringify(alone)).toContain('"corrupt"');
    expectFindings(alone, 0);
    expect(await report(folder, 'git:.', 3)).toEqual(alone);
  }, 180_000);
});
