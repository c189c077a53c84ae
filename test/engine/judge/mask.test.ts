import { describe, expect, it } from 'vitest';
import { createMask } from '../../../src/engine/judge/mask.ts';
import { Secret } from '../../../src/model/secret.ts';

describe('createMask', () => {
  const mask = createMask(['abcdefgh1234', 'abcdefgh1234-and-more', 'zyxwvuts98765'].map((value) => new Secret(value)));

  it('takes out every value, the longest first', () => {
    expect(mask('x/abcdefgh1234/zyxwvuts98765.txt')).toBe('x/ab********/zy********.txt');
    expect(mask('abcdefgh1234-and-more')).toBe('abcd********');
    expect(mask('abcdefgh1234abcdefgh1234')).toBe('ab********ab********');
  });

  it('leaves everything else, and values that are as short as words', () => {
    expect(mask('abcdefgh123 and more text')).toBe('abcdefgh123 and more text');
    expect(createMask([new Secret('production')])('deploy/production/x.env')).toBe('deploy/production/x.env');
  });

  it('is quick with many values and many texts', () => {
    const many = createMask(Array.from({ length: 5000 }, (_, index) => new Secret(`prefix--${index}-value`)));
    const started = performance.now();
    for (let index = 0; index < 5000; index++)
      many(`src/folder-${index}/prefix--${index % 50}-value/file.txt`.repeat(5));
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
