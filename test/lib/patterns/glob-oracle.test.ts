import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileGlob } from '../../../src/lib/patterns/glob.ts';
import { tries } from '../../property/runs.ts';

/** What a glob meant when it was translated to a regular expression: the oracle. */
function translate(text: string): RegExp {
  const trimmed = text.endsWith('/') ? `${text}**` : text;
  const rooted = trimmed.startsWith('/') ? trimmed.slice(1) : trimmed.includes('/') ? trimmed : `**/${trimmed}`;
  const tokens = rooted.matchAll(/\*\*\/|\*\*|\*|\?|\[!?[^\]/]+\]|[{},]|[^*?[{},]+|\[/g);
  let depth = 0;
  const parts = [...tokens].map(([token]) => {
    if (token === '{') depth += 1;
    const part = translateToken(token, depth);
    if (token === '}' && depth > 0) depth -= 1;
    return part;
  });
  return new RegExp(`^${parts.join('')}${')'.repeat(depth)}$`);
}

const glob = fc
  .array(
    fc.constantFrom('a', 'b', 'ab', '/', '*', '**', '**/', '?', '.', '[ab]', '[!a]', '[b-a]', '{', '}', ',', 'é'),
    {
      maxLength: 10,
    },
  )
  .map((parts) => parts.join(''));
const path = fc
  .array(fc.constantFrom('a', 'b', 'c', '/', '.', 'é', '[', ',', '\n'), { maxLength: 12 })
  .map((parts) => parts.join(''));

const FIXED: ReadonlyMap<string, string> = new Map([
  ['**/', '(?:[^/]+/)*'],
  ['**', '.*'],
  ['*', '[^/]*'],
  ['?', '[^/]'],
  ['{', '(?:'],
]);

function translateToken(token: string, depth: number): string {
  const fixed = FIXED.get(token);
  if (fixed !== undefined) return fixed;
  if (token === '}' && depth > 0) return ')';
  if (token === ',' && depth > 0) return '|';
  const escaped = token.replace(/[.+^$(){}|[\]\\*?]/g, '\\$&');
  if (token.length < 3 || !token.startsWith('[')) return escaped;
  const source = `[${token.slice(1, -1).replace(/^!/, '^').replace(/[\\[]/g, '\\$&')}]`;
  try {
    return new RegExp(source).source;
  } catch {
    return escaped;
  }
}

describe('globs', () => {
  it('mean what their translation to a regular expression means', () => {
    fc.assert(
      fc.property(glob, fc.array(path, { minLength: 1, maxLength: 8 }), (text, paths) => {
        const compiled = compileGlob(text);
        const oracle = translate(text);
        for (const one of paths) expect([text, one, compiled.matches(one)]).toEqual([text, one, oracle.test(one)]);
      }),
      tries(2_000),
    );
  });

  it('take no longer for stars that can be shared out in many ways', () => {
    const begun = performance.now();
    const compiled = compileGlob('*a*a*a*a*a*a*a*a*a*b');
    for (let run = 0; run < 100; run++) expect(compiled.matches(`${'a'.repeat(4000)}${run}`)).toBe(false);
    expect(compiled.matches(`${'a'.repeat(4000)}b`)).toBe(true);
    expect(performance.now() - begun).toBeLessThan(5000);
  });

  it('take a glob that was made to hurt by the letter', () => {
    expect(compileGlob('{'.repeat(100_000)).matches('a')).toBe(false);
    expect(compileGlob('*'.repeat(100_000)).matches('a')).toBe(false);
  });
});
