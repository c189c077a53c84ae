import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CliIo } from '../../src/cli/io.ts';
import { createProgressLine, formatProgress } from '../../src/cli/progress.ts';
import type { Progress } from '../../src/engine/plan/contract.ts';
import { CLI, makeFolder, sampleToken } from './run-bowerbird.ts';

const MIB = 2 ** 20;
const LISTING: Progress = { phase: 'listing', target: 'git:.', planned: 0, scanned: 0, bytes: 0, matches: 0 };

function reading(scanned: number, bytes = 0, planned = 200): Progress {
  return { phase: 'reading', target: 'git:.', planned, scanned, bytes, matches: 3 };
}

describe('the text of the line', () => {
  const begin = { time: 1000, progress: reading(0) };

  it('says that a target is listed, and for how long', () => {
    expect(formatProgress(LISTING, { time: 1000, progress: LISTING }, 38_200)).toBe('Listing git:.  37 s');
  });

  it('says share, counts, bytes, rate and time left', () => {
    expect(formatProgress(reading(50, 400 * MIB), begin, 21_000)).toBe(
      'Reading git:.  25%  50 of 200  400 MB, 20 MB/s  3 matches  about 60 s left',
    );
    expect(formatProgress(reading(10, 400 * MIB), begin, 61_000)).toMatch(/ {2}about 19 min left$/);
  });

  it('makes no guess in the first seconds, and has no rate of nothing', () => {
    expect(formatProgress(reading(1, 64 * 1024, 1), begin, 1500)).toBe('Reading git:.  1 of 1  64 kB  3 matches');
    expect(formatProgress(reading(100), begin, 3000)).toBe('Reading git:.  50%  100 of 200  3 matches');
    expect(formatProgress(reading(100, 5000), begin, 5900)).toBe(
      'Reading git:.  50%  100 of 200  5000 B, 1021 B/s  3 matches',
    );
    expect(formatProgress(reading(1, 5000), begin, 60_000)).not.toContain('left');
    expect(formatProgress(reading(200, 5000), begin, 60_000)).not.toContain('left');
  });

  it('counts from where the target began: an earlier one tells nothing of its speed', () => {
    const second = { time: 0, progress: reading(100, 100 * MIB) };
    expect(formatProgress(reading(110, 120 * MIB), second, 10_000)).toBe(
      'Reading git:.  55%  110 of 200  120 MB, 2048 kB/s  3 matches  about 90 s left',
    );
  });

  it('says what comes after reading', () => {
    const joining: Progress = { ...LISTING, phase: 'joining', target: '', matches: 1 };
    expect(formatProgress(joining, { time: 0, progress: joining }, 2000)).toBe('Joining 1 match  2 s');
    const verifying: Progress = { ...LISTING, phase: 'verifying', target: '', planned: 9, scanned: 4 };
    expect(formatProgress(verifying, { time: 0, progress: verifying }, 2000)).toBe('Asking providers  4 of 9  2 s');
  });
});

describe('the line', () => {
  /** What is written when an update comes after each of so many ms. */
  function write(times: readonly number[], io: Partial<CliIo> = {}, wanted = true): string[] {
    let now = 0;
    const written: string[] = [];
    const stderr = (text: string): void => void written.push(text);
    const clock = { now: () => new Date(now), stderr, stderrIsTerminal: true, env: {}, width: 30 };
    const line = createProgressLine({ ...clock, ...io } as CliIo, wanted);
    for (now of times) line.update(reading(50));
    line.clear();
    return written;
  }

  it('is written for work that takes a while, ten times a second at most, and wiped out at the end', () => {
    expect(write([10, 400])).toEqual([]);
    const written = write([400, 600, 650, 699, 701]);
    expect(written).toHaveLength(3);
    expect(written.at(-1)).toBe('\r\u001b[K');
  });

  it('is no wider than the terminal', () => {
    expect(write([600])[0]).toBe('\r\u001b[KReading git:.  25%  50 of 200');
  });

  it('goes on while a target is listed and nothing happens', () => {
    let now = 0;
    let tick = (): void => undefined;
    let stopped = false;
    const written: string[] = [];
    const every = (_: number, call: () => void): (() => void) => {
      tick = call;
      return () => {
        stopped = true;
      };
    };
    const io = {
      now: () => new Date(now),
      stderr: (text: string) => written.push(text),
      stderrIsTerminal: true,
      env: {},
      width: 80,
      every,
    };
    const line = createProgressLine(io as unknown as CliIo, true);
    line.update(LISTING);
    for (now of [300, 1000, 1050, 2000]) tick();
    expect(written).toEqual(['\r\u001b[KListing git:.  1 s', '\r\u001b[KListing git:.  2 s']);
    line.clear();
    expect(stopped).toBe(true);
  });

  it.each([
    ['nobody watches', { stderrIsTerminal: false }, true],
    ['a build writes a log', { env: { CI: 'true' } }, true],
    ['it is not wanted', {}, false],
  ])('is not written where %s', (_, io, wanted) => {
    expect(write([600, 900], io, wanted)).toEqual([]);
  });
});

const hasScript = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;

describe.skipIf(!hasScript)('on a real terminal', () => {
  it('shows the phases of a slow scan of a history, and wipes the line out', async () => {
    const { folder, remove } = await makeFolder({ 'a.env': `TOKEN=${sampleToken('progress')}\n` });
    for (let n = 0; n < 60; n += 1) {
      writeFileSync(join(folder, `text${n}.ts`), `export const name${n} = 'value ${n}';\n`.repeat(400));
    }
    const env = { PATH: process.env['PATH'] ?? '', HOME: folder, GIT_CONFIG_GLOBAL: '/dev/null', TERM: 'xterm' };
    const git = (...args: string[]): void =>
      void execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.test', ...args], { cwd: folder, env });
    git('init', '-q');
    git('add', '-A');
    git('commit', '-qm', 'one');
    // Half a second passes at each look at the clock, so that a quick scan is a slow one.
    const clock = `const Real = Date; let ahead = 0; globalThis.Date = class extends Real { constructor(...args) { super(...(args.length > 0 ? args : [Real.now() + (ahead += 500)])); } };`;
    writeFileSync(join(folder, 'clock.cjs'), clock);
    const line = `'${process.execPath}' --require '${join(folder, 'clock.cjs')}' '${CLI}' scan git:. --threads 1`;
    const { stdout, status } = spawnSync('script', ['-qec', line, '/dev/null'], { cwd: folder, env, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stdout).toMatch(/\r\u001b\[KReading git:\. {2}\d+% .* matches {2}about \d+ s left\r/);
    expect(stdout).toMatch(/\r\u001b\[KJoining 2 matches {2}0 s/);
    expect(stdout).not.toMatch(/ 0 [kM]?B\/s|100% {2}1 of 1/);
    expect(stdout.lastIndexOf('\r\u001b[K')).toBe(stdout.indexOf('\r\u001b[K', stdout.lastIndexOf('Joining')));
    await remove();
  });
});
