import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashLines } from '../../src/reporters/shared/line-hash.ts';
import { itRarely } from '../it-rarely.ts';
import { tries } from '../property/runs.ts';

/** Values given by github/codeql-action (src/fingerprints.ts at f3f1edb) for these texts. */
const KNOWN: readonly (readonly [text: string, hashes: readonly string[]])[] = [
  ['', ['c129715d7a2bc9a3:1']],
  ['one line', ['25c2d69f45f322c1:1']],
  [
    'key = 1\r\nkey = 2\rkey = 1\n\n\tend',
    ['c9437cb569f62250:1', '224814d475d444bb:1', '201e6a63273e3369:1', '165fbdbbce84915c:1', '43b6461eda086fe2:1'],
  ],
  [
    `\u00fcber \u{1f600} \u65e5\u672c\n${'x'.repeat(250)}\n`,
    ['bb242d61f5570b21:1', '52b56201ffb58620:1', 'c129715d7a2bc9a3:1'],
  ],
  [
    '\r \n\n\r\r\n',
    [
      '229ec9649baa95f1:1',
      '8d2f5848087196b:1',
      '4e5d562094661a0d:1',
      '5b5d4caf73a13177:1',
      '3c5bef55b72b93c9:1',
      'c129715d7a2bc9a3:1',
    ],
  ],
];

describe('hashLines', () => {
  it.each(KNOWN)('gives the known values for %j', (text, hashes) => {
    expect(hashLines(text)).toEqual(hashes);
  });

  it('counts how often a hash occurred', () => {
    const hashes = hashLines('same\n'.repeat(60));
    expect(hashes.slice(0, 3)).toEqual(['6468d5768bad9560:1', '6468d5768bad9560:2', '6468d5768bad9560:3']);
    expect(hashes).toHaveLength(61);
  });

  it('equals a rolling hash in arbitrary precision', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'b', ' ', '\t', '\n', '\r', '\u00e9', '\uffff'),
      maxLength: 400,
    });
    fc.assert(
      fc.property(text, (value) => {
        expect(hashLines(value)).toEqual(rollHash(value));
      }),
      tries(300),
    );
  });

  it('does not change with indentation, spaces or line ends', () => {
    expect(hashLines('a b\r\n\tc\r\n')).toEqual(hashLines('ab\n   c\n'));
  });

  itRarely('takes a large file in linear time', () => {
    expect(hashLines('line of a file\n'.repeat(100_000))).toHaveLength(100_001);
  });
});

/** The definition, slowly: per line the 100 units from its start, most significant first, modulo 2^64. */
function rollHash(text: string): string[] {
  const units: number[] = [];
  const starts = [0];
  let afterReturn = false;
  for (const unit of text.split('').map((character) => character.charCodeAt(0))) {
    const skipped = unit === 32 || unit === 9 || (afterReturn && unit === 10);
    afterReturn = unit === 13;
    if (skipped) continue;
    units.push(unit === 13 ? 10 : unit);
    if (units.at(-1) === 10) starts.push(units.length);
  }
  units.push(65535);
  const counts = new Map<string, number>();
  return starts.map((start) => {
    let hash = 0n;
    for (let index = 0; index < 100; index += 1)
      hash = BigInt.asUintN(64, hash * 37n + BigInt(units[start + index] ?? 0));
    const hex = hash.toString(16);
    counts.set(hex, (counts.get(hex) ?? 0) + 1);
    return `${hex}:${counts.get(hex)}`;
  });
}
