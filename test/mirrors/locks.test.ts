import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeLock, tryLock } from '../../src/mirrors/lock.ts';
import { processesHere } from '../../src/mirrors/processes.ts';
import { worldHere } from './place.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mirror-locks-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a lock', () => {
  it('is had by one at a time, and waited for', async () => {
    const file = join(folder, 'a.lock');
    const first = tryLock(file, worldHere());
    expect(first).toBeDefined();
    expect(tryLock(file, worldHere())).toBeUndefined();
    expect(await takeLock(file, { world: worldHere(), wait: 0 })).toBe('locked');
    expect(await takeLock(file, { world: worldHere(), wait: 0, signal: AbortSignal.abort() })).toBe('aborted');
    const waiting = takeLock(file, { world: worldHere(), wait: 5_000 });
    first?.release();
    const second = await waiting;
    expect(second).toMatchObject({});
    first?.release();
    expect(existsSync(file)).toBe(true);
    if (typeof second !== 'string') second.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('of a dead process is taken over by exactly one of many', () => {
    const file = join(folder, 'b.lock');
    const dead = { ...worldHere().processes.self, started: 'another boot' };
    for (let round = 0; round < 20; round += 1) {
      writeFileSync(file, JSON.stringify({ ...dead, token: `${round}` }));
      const taken = Array.from({ length: 5 }, () => tryLock(file, worldHere())).filter((lock) => lock !== undefined);
      expect(taken).toHaveLength(1);
      for (const lock of taken) lock.release();
    }
    for (const nonsense of ['', 'null', '[]', '{"pid":1}']) {
      writeFileSync(file, nonsense);
      expect(tryLock(file, worldHere())?.release()).toBeUndefined();
      expect(existsSync(file)).toBe(false);
    }
  });

  it('of a process that died while it took over another one is no obstacle', () => {
    const file = join(folder, 'c.lock');
    const dead = JSON.stringify({ ...worldHere().processes.self, started: 'another boot' });
    writeFileSync(file, dead);
    writeFileSync(`${file}.guard`, dead);
    const tries = [tryLock(file, worldHere()), tryLock(file, worldHere())];
    expect(tries.map((lock) => lock === undefined)).toEqual([true, false]);
    tries[1]?.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('of a process that cannot be seen stays', () => {
    const file = join(folder, 'd.lock');
    writeFileSync(file, JSON.stringify({ host: 'another machine', pid: 1, started: '' }));
    expect(tryLock(file, worldHere())).toBeUndefined();
    rmSync(file);
  });
});

describe('a process', () => {
  it('lives until it ends, also while it is stopped, and is not another one of its number', async () => {
    const child = spawn('sleep', ['60']);
    await new Promise((resolve) => child.once('spawn', resolve));
    const name = processesHere(hostname(), child.pid ?? 0).self;
    const { processes } = worldHere();
    expect(processes.mayLive(name)).toBe(true);
    child.kill('SIGSTOP');
    expect(processes.mayLive(name)).toBe(true);
    expect(processes.mayLive({ ...name, started: 'earlier' })).toBe(name.started === '');
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    expect(processes.mayLive(name)).toBe(false);
  });

  it('of another user lives, and one without a start time is believed', () => {
    const { processes } = worldHere();
    expect(processes.mayLive({ ...processes.self, pid: 1, started: '' })).toBe(true);
    expect(processes.mayLive({ ...processes.self, started: '' })).toBe(true);
  });
});
