import { describe, expect, it } from 'vitest';
import { writeInTurn, writeWith } from '../../../src/engine/ask/render.ts';
import { defineReporter } from '../../../src/reporters/contract.ts';
import { buildCleanReport } from '../../reporters/sample-report.ts';

const look = { color: false, width: 80, showSecrets: false, verbose: false };

function reporterOf(count: number, fail = false): ReturnType<typeof defineReporter> {
  return defineReporter({
    id: 'made',
    title: 'A format of this test',
    extension: 'txt',
    write(_report, _options, put) {
      for (let at = 0; at < count; at += 1) put(`line ${at}\n`);
      if (fail) throw new Error('a value of the report');
    },
  });
}

describe('writeWith', () => {
  it('joins small pieces, and lets none grow with the report', () => {
    const pieces: string[] = [];
    const reporter = reporterOf(100_000);
    writeWith(reporter, buildCleanReport(), look, '.', (piece) => void pieces.push(piece));
    expect(pieces.join('')).toBe(reporter.render(buildCleanReport(), look));
    expect(pieces.length).toBeLessThan(30);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(100_000);
  });

  it('tells a full disk from a format that fails', () => {
    const full = Object.assign(new Error('full'), { code: 'ENOSPC' });
    const put = () => {
      throw full;
    };
    for (const count of [1, 100_000]) {
      expect(() => writeWith(reporterOf(count), buildCleanReport(), look, '.', put)).toThrow(full);
    }
    const wrong = () => writeWith(reporterOf(1, true), buildCleanReport(), look, '.', () => undefined);
    expect(wrong).toThrow('The report format "made" failed (Error)');
  });
});

describe('writeInTurn', () => {
  it('makes the next piece when the reader has taken the one before', async () => {
    let made = 0;
    const slow = defineReporter({
      id: 'slow',
      title: 'A format of this test',
      extension: 'txt',
      *pieces() {
        for (; made < 4; made += 1) yield String(made).repeat(100_000);
      },
    });
    const taken: string[] = [];
    await writeInTurn(slow, buildCleanReport(), look, '.', async (piece) => {
      await new Promise((resume) => setImmediate(resume));
      taken.push(piece);
      expect(made).toBe(taken.length - 1);
    });
    expect(taken.map((piece) => piece[0])).toEqual(['0', '1', '2', '3']);
    made = 0;
    expect(slow.render(buildCleanReport(), look)).toBe(taken.join(''));
  });

  it('writes a format without pieces, and tells a full disk from a format that fails', async () => {
    const pieces: string[] = [];
    await writeInTurn(reporterOf(9), buildCleanReport(), look, '.', (piece) => void pieces.push(piece));
    expect(pieces.join('')).toBe(reporterOf(9).render(buildCleanReport(), look));
    const broken = defineReporter({
      id: 'broken',
      title: 'A format of this test',
      extension: 'txt',
      *pieces() {
        yield 'a piece';
        throw new Error('a value of the report');
      },
    });
    const wrong = writeInTurn(broken, buildCleanReport(), look, '.', () => undefined);
    await expect(wrong).rejects.toThrow('The report format "broken" failed (Error)');
    const full = writeInTurn(reporterOf(9), buildCleanReport(), look, '.', () => {
      throw new Error('full');
    });
    await expect(full).rejects.toThrow('full');
  });
});
