import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIgnoreFile, parseIgnoreFile } from '../../src/config/ignore-file.ts';
import { ConfigError } from '../../src/model/errors.ts';

const ID = 's-0123456789abcdef0123';

function problemOf(text: string, kind: 'ignore-file' | 'baseline' = 'ignore-file'): string {
  try {
    parseIgnoreFile(text, '.bowerbirdignore', kind);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
}

describe('parseIgnoreFile', () => {
  it('reads entries with reason, owner and expiry, and skips comments', () => {
    const text = `# accepted\n\n${ID} reason="sandbox key \\"one\\"" owner=@acme/platform expires=2027-01-31\n`;
    expect(parseIgnoreFile(text, 'f', 'ignore-file')).toEqual([
      {
        fingerprint: ID,
        kind: 'ignore-file',
        reason: 'sandbox key "one"',
        owner: '@acme/platform',
        expires: '2027-01-31',
        source: 'f:3',
      },
    ]);
  });

  it.each([
    ['src/a.ts:12', /:1: not an entry/],
    [ID, /no reason/],
    [`${ID} reason="x" since=2020-01-01`, /unknown field "since"/],
    [`${ID} reason="x" expires=2027-02-30`, /not a date/],
    [`${ID} reason="x" expires=soon`, /not a date/],
  ])('refuses %j and says what to write', (text, message) => {
    expect(problemOf(text)).toMatch(message);
  });

  it('names every bad line at once', () => {
    expect(problemOf(`bad\n${ID} reason="fine"\nworse`).split('\n')).toHaveLength(2);
  });

  it('needs no reason in a baseline', () => {
    expect(parseIgnoreFile(ID, 'b', 'baseline')).toHaveLength(1);
  });
});

describe('formatIgnoreFile', () => {
  const id = fc.stringMatching(/^s-[0-9a-f]{20}$/);
  const line = fc.record({
    id,
    reason: fc.string({ minLength: 1, maxLength: 40 }).map((text) => text.trim() || 'why'),
  });

  it('round-trips, sorted and without doubles, whatever the reason holds', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const parsed = parseIgnoreFile(formatIgnoreFile(lines, 'head'), 'f', 'ignore-file');
        const ids = parsed.map((entry) => entry.fingerprint ?? '');
        expect(ids).toEqual([...new Set(lines.map((one) => one.id))].sort());
        for (const entry of parsed) {
          const [first] = lines.filter((one) => one.id === entry.fingerprint);
          expect(entry.reason).toBe(first?.reason.replace(/[\r\n]+/g, ' '));
        }
      }),
    );
  });

  it('gives the same text for any order: no merge conflict from order', () => {
    const lines = [{ id: `s-${'b'.repeat(20)}` }, { id: `s-${'a'.repeat(20)}` }];
    expect(formatIgnoreFile(lines, 'h')).toBe(formatIgnoreFile([...lines].reverse(), 'h'));
  });
});
