import { describe, expect, it } from 'vitest';
import { writeWith } from '../../../src/engine/ask/render.ts';
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
