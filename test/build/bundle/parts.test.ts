import { createRequire } from 'node:module';
import { transform } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { LOADED_LATE, readPart, rewritePart } from '../../../src/build/bundle/parts.ts';

const nodeRequire = createRequire(import.meta.url);

/** Runs a part as the build writes it, and returns what it exports and the modules that it has asked for so far. */
async function runPart(text: string): Promise<{ exported: Record<string, () => unknown>; asked: string[] }> {
  const { script, late } = rewritePart(readPart('sample.cjs', text), { place: (name) => name, late: new Set() });
  const { code } = await transform(script, { format: 'cjs', define: late });
  const asked: string[] = [];
  const exported: Record<string, () => unknown> = {};
  const load = (specifier: string): unknown => {
    asked.push(specifier);
    return nodeRequire(specifier);
  };
  new Function('require', 'exports', code)(load, exported);
  return { exported, asked };
}

describe.each([...LOADED_LATE])('%s, loaded at its first use', (specifier) => {
  const names = Object.keys(nodeRequire(specifier)).filter((name) => name !== 'default');

  it('is the real thing under every name: promisify, new and instanceof see no wrapper', async () => {
    const imports = names.map((name, at) => `import { ${name} as local${at} } from '${specifier}';`);
    const getters = names.map((_, at) => `const get${at} = () => local${at};`);
    const exports = `export { ${names.map((_, at) => `get${at}`).join(', ')} };`;
    const { exported, asked } = await runPart([...imports, ...getters, exports].join('\n'));
    expect(asked).toEqual([]);
    const real = nodeRequire(specifier) as Record<string, unknown>;
    const different = names.filter((name, at) => !Object.is(exported[`get${at}`]?.(), real[name]));
    expect(different).toEqual([]);
  });
});

it('asks for a module once, and not before a name of it is used', async () => {
  const text = `import { createHash, randomBytes } from 'node:crypto';
    import { gzipSync as pack } from 'node:zlib';
    const hash = (text) => createHash('sha256').update(text).digest('hex');
    const draw = () => ({ randomBytes }).randomBytes(4).length;
    export { hash, draw };`;
  const { exported, asked } = await runPart(text);
  expect(asked).toEqual([]);
  const hash = exported['hash'] as (text: string) => string;
  expect(hash('a')).toBe(hash('a'));
  expect(exported['draw']?.()).toBe(4);
  expect(asked).toEqual(['node:crypto']);
});
