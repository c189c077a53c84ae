import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLocator, Places } from '../../src/detect/locate.ts';
import { itRarely } from '../it-rarely.ts';
import { tries } from '../property/runs.ts';

function artifactOf(bytes: Uint8Array) {
  return { origin: { collector: 'test', path: 'x' }, bytes };
}

describe('createLocator', () => {
  it('gives the column that decoding the line from its start gives, in any order of questions', () => {
    const piece = fc.constantFrom('a', 'é', '漢', '😀', '\t', 'x'.repeat(3000), '\n', '\r\n');
    const offsets = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), offsets, (pieces, shares) => {
        const text = pieces.join('');
        const bytes = Buffer.from(text);
        const locator = createLocator(artifactOf(bytes));
        for (const share of shares) {
          const before = Array.from(text)
            .slice(0, Math.floor(share * Array.from(text).length))
            .join('');
          const start = Buffer.byteLength(before);
          const { startLine, startColumn } = locator.locate({ start, end: start });
          expect([startLine, startColumn]).toEqual([
            before.split('\n').length,
            before.length - (before.lastIndexOf('\n') + 1) + 1,
          ]);
        }
      }),
      tries(200),
    );
  });

  itRarely('takes linear time for many places on one long line', () => {
    const bytes = Buffer.from('é'.repeat(1024 * 1024));
    const locator = createLocator(artifactOf(bytes));
    const started = performance.now();
    const columns = Array.from(
      { length: 5_000 },
      (_, at) => locator.locate({ start: at * 400, end: at * 400 + 40 }).startColumn,
    );
    expect(columns.findIndex((column, at) => column !== at * 200 + 1)).toBe(-1);
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  itRarely('takes linear time for many texts that were decoded from one', () => {
    const parent = artifactOf(Buffer.from(`${'x'.repeat(63)}\n`.repeat(160_000)));
    const places = new Places();
    const started = performance.now();
    const lines = Array.from({ length: 10_000 }, (_, at) => {
      const span = { start: at * 1024, end: at * 1024 + 20 };
      const decoded = { ...parent, bytes: Buffer.from('decoded'), derivation: { decoder: 'base64', parent, span } };
      return createLocator(decoded, places).locate({ start: 0, end: 7 }).startLine;
    });
    expect(lines.findIndex((line, at) => line !== at * 16 + 1)).toBe(-1);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
