import { describe, expect, it } from 'vitest';
import { createMask, holdsSecret, type MaskTools } from '../../../src/engine/judge/mask.ts';
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

it('looks at an attribute that identities share once, and at every other', () => {
  const texts: string[] = [];
  const detector: MaskTools['detector'] = {
    scan: ({ bytes }) => {
      texts.push(Buffer.from(bytes).toString());
      return [];
    },
  };
  const tools = { detector, checks: [], now: new Date(0), isPublic: () => false, isShipped: () => false };
  const shared = { value: 'shared attribute', source: 'source of all' };
  const identity = (own: string) => ({ attributes: { first: shared, own: { value: [own] }, plain: `plain ${own}` } });
  holdsSecret(
    [identity('attribute of a'), identity('attribute of b'), { attributes: 'only a text here' }],
    String,
    tools,
  );
  expect(texts.join('\n').split('\n')).toEqual([
    'shared attribute',
    'source of all',
    'attribute of a',
    'plain attribute of a',
    'attribute of b',
    'plain attribute of b',
    'only a text here',
  ]);
});
