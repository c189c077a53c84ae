import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText, displayWidth, makePaint, padText, wrapText } from '../../../src/lib/text/terminal.ts';

describe('cleanText', () => {
  it.each([
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007', 'link'],
    ['\u001b]0;title', ''],
    ['a\u009b31mb', 'a31mb'],
    ['one\r\ntwo\tthree\u2028four', 'one two three four'],
    ['abc\u202egnp.exe', 'abcgnp.exe'],
    ['\u2066x\u2069\u200b\ufeffy', 'xy'],
    ['bell\u0007\u0008\u007f', 'bell'],
    ['lone \ud800 half', 'lone \ufffd half'],
    ['\u{e0041}tag', 'tag'],
    ['plain \u00fc \u65e5 \u{1f600}', 'plain \u00fc \u65e5 \u{1f600}'],
  ])('%j becomes %j', (text, clean) => {
    expect(cleanText(text)).toBe(clean);
  });

  it('leaves nothing that a terminal obeys, and is done after one pass', () => {
    const unit = fc.constantFrom(
      '\u001b',
      '[',
      ']',
      '0',
      ';',
      'm',
      '\u0007',
      '\\',
      'a',
      '\n',
      '\u202e',
      '\u009b',
      '\ud83d',
      '\ude00',
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 60 }), (text) => {
        const clean = cleanText(text);
        expect(clean).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        expect(cleanText(clean)).toBe(clean);
      }),
    );
  });

  it('takes hostile text in linear time', () => {
    const started = process.hrtime.bigint();
    cleanText('\u001b]'.repeat(500_000));
    cleanText(`\u001b[${'0'.repeat(1_000_000)}`);
    expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(2000);
  });
});

describe('width', () => {
  it.each([
    ['abc', 3],
    ['\u65e5\u672c', 4],
    ['e\u0301', 1],
    ['\u{1f600}', 2],
    ['\u001b[31mred\u001b[39m', 3],
  ])('of %j is %i', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  it('pads and wraps by columns', () => {
    expect(padText('\u65e5', 4)).toBe('\u65e5  ');
    expect(wrapText('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapText('averyveryverylongpath x', 5)).toEqual(['averyveryverylongpath', 'x']);
    expect(wrapText('', 5)).toEqual([]);
  });

  it('loses no word when wrapping', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,12}$/)), fc.integer({ min: 1, max: 40 }), (words, width) => {
        expect(wrapText(words.join(' '), width).join(' ')).toBe(words.join(' '));
      }),
    );
  });
});

describe('colour', () => {
  it('is written only where it is wanted', () => {
    expect(makePaint(true)('x', 'red', 'bold')).toBe('\u001b[1m\u001b[31mx\u001b[39m\u001b[22m');
    expect(makePaint(false)('x', 'red')).toBe('x');
  });
});
