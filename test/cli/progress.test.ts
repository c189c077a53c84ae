import { describe, expect, it } from 'vitest';
import type { CliIo } from '../../src/cli/io.ts';
import { createProgressLine, formatProgress } from '../../src/cli/progress.ts';
import type { Progress } from '../../src/engine/plan/contract.ts';

const MIB = 2 ** 20;

function progress(scanned: number, bytes = 0): Progress {
  return { target: 'git:.', planned: 200, scanned, bytes, matches: 3 };
}

describe('the text of the line', () => {
  it('says share, counts, rate and time left', () => {
    expect(formatProgress(progress(50, 40 * MIB), 2000)).toBe('git:.  25% 50/200  20 MB/s  3 matches, 6 s left');
  });

  it('says a low rate in smaller units, and no time left where nobody can tell', () => {
    expect(formatProgress(progress(1, 64 * 1024), 2000)).toBe('git:.  0% 1/200  32 kB/s  3 matches');
    expect(formatProgress(progress(200, 64 * 1024), 2000)).toBe('git:.  100% 200/200  32 kB/s  3 matches');
    expect(formatProgress({ ...progress(7), planned: 0 }, 0)).toBe('git:.  7/0  0 kB/s  3 matches');
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
    for (now of times) line.update(progress(50));
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
    expect(write([600])[0]).toBe(`\r\u001b[K${formatProgress(progress(50), 600).slice(0, 29)}`);
  });

  it.each([
    ['nobody watches', { stderrIsTerminal: false }, true],
    ['a build writes a log', { env: { CI: 'true' } }, true],
    ['it is not wanted', {}, false],
  ])('is not written where %s', (_, io, wanted) => {
    expect(write([600, 900], io, wanted)).toEqual([]);
  });
});
