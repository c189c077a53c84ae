import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { lockFolder } from '../../src/store/lock.ts';
import { askLiveness, describeProcess, parseMark } from '../../src/store/process-mark.ts';

const folder = mkdtempSync(join(tmpdir(), 'store-lock-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const me = { pid: process.pid, hostname: 'here' };

/** Writes a claim as another process would have left it. */
function leaveClaim(change: object): string {
  const name = `lock.${process.pid}.${'0'.repeat(17)}${Math.floor(performance.now() * 1000) % 10}`;
  writeFileSync(join(folder, name), JSON.stringify({ ...describeProcess(process.pid, 'here'), ...change }));
  writeFileSync(join(folder, `${name}.held`), '');
  return name;
}

describe('the lock of a folder', () => {
  it('is refused to a second one while its holder lives, with the number of the process', async () => {
    const lock = await lockFolder(folder, me);
    await expect(lockFolder(folder, me)).rejects.toThrow(`in use by process ${process.pid}`);
    lock.release();
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
    (await lockFolder(folder, me)).release();
  });

  it('is taken over from a process that was killed, also before its parent has heard of it', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    const mark = describeProcess(child.pid ?? 0, 'here');
    expect(askLiveness(mark, describeProcess(process.pid, 'here'))).toBe('alive');
    leaveClaim(mark);
    await expect(lockFolder(folder, me)).rejects.toThrow(`in use by process ${child.pid}`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    (await lockFolder(folder, me)).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is taken over from an earlier process with the number of a living one, and from before a restart', async () => {
    leaveClaim({ started: '1' });
    (await lockFolder(folder, me)).release();
    leaveClaim({ boot: 'earlier' });
    (await lockFolder(folder, me)).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is not taken from who cannot be asked: another machine, a container, a file that nobody understands', async () => {
    for (const change of [{ host: 'elsewhere' }, { namespace: 'pid:[1]' }, { pid: 'x' }]) {
      const name = leaveClaim(change);
      await expect(lockFolder(folder, me)).rejects.toThrow(`delete ${join(folder, name)}`);
      expect(readdirSync(folder).sort()).toEqual([name, `${name}.held`]);
      for (const left of [name, `${name}.held`]) rmSync(join(folder, left));
    }
  });

  it('goes to at most one of many that ask at the same moment, and a later one gets it', async () => {
    const asked = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder, me)));
    const held = asked.filter((answer) => answer.status === 'fulfilled');
    expect(held).toHaveLength(1);
    for (const { value } of held) value.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('reads no mark from what is none', () => {
    for (const text of [
      '',
      '{',
      'null',
      '[]',
      '{"pid":1}',
      '{"pid":-1,"started":"","boot":"","namespace":"","host":""}',
    ])
      expect(parseMark(text), text).toBeUndefined();
  });
});
