import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Measurement, measure } from '../../../src/build/bench/measure.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bowerbird-measure-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function measureScript(script: string, timeout = 20_000): Promise<Measurement> {
  const options = { cwd: folder, env: { PATH: process.env['PATH'] ?? '' }, stdout: join(folder, 'out'), timeout };
  return measure(process.execPath, ['-e', script], options);
}

/** A script whose child runs another script and is waited for. */
const inChild = (script: string): string =>
  `require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(script)}], { stdio: 'inherit' })`;

const BUSY = 'const end = performance.now() + 300; while (performance.now() < end);';
const MEGABYTES = 150;
const LARGE = `const held = Buffer.alloc(${MEGABYTES}e6, 1); setTimeout(() => held.length, 300);`;

it('gives the exit code, and standard output in the file', async () => {
  const result = await measureScript('console.log("told"); process.exitCode = 7');
  expect(result).toMatchObject({ code: 7, timedOut: false });
  expect(await readFile(join(folder, 'out'), 'utf8')).toBe('told\n');
});

it('says why a command could not be started', async () => {
  const options = { cwd: folder, env: {}, stdout: join(folder, 'out'), timeout: 1000 };
  const result = await measure('/nowhere/scanner', [], options);
  expect(result.code).toBeUndefined();
  expect(result.trouble).toContain('ENOENT');
});

it.runIf(process.platform === 'linux')('adds the CPU time of descendants', async () => {
  const result = await measureScript(inChild(BUSY));
  expect(result.wall).toBeGreaterThan(300);
  // A busy machine may give the loop less than it took.
  expect(result.cpu).toBeGreaterThan(50);
});

it.runIf(process.platform === 'linux')('adds the memory of descendants', async () => {
  const result = await measureScript(inChild(LARGE));
  expect(result.peak).toBeGreaterThan(MEGABYTES * 1e6);
});

it('ends a command and its descendants after the time limit', async () => {
  const pidFile = join(folder, 'pid');
  const child = `require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); setInterval(() => 0, 1000)`;
  const result = await measureScript(inChild(child), 3000);
  expect(result).toMatchObject({ timedOut: true, trouble: 'ended by SIGKILL' });
  const pid = Number(await readFile(pidFile, 'utf8'));
  await expect.poll(() => isRunning(pid)).toBe(false);
});

/** False for a process that is gone, or dead and not yet waited for. */
async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    return !/\) Z /.test(stat);
  } catch {
    return false;
  }
}
