import { describe, expect, it } from 'vitest';
import type { Collected } from '../../src/collectors/contract.ts';
import stdin from '../../src/collectors/stdin.ts';
import { contextOf } from './source-context.ts';

async function read(parts: readonly string[], fileBytes = 1000): Promise<Collected[]> {
  const input = async function* () {
    for (const part of parts) yield Buffer.from(part);
  };
  const context = contextOf({ stdin: input() }, { fileBytes });
  const items: Collected[] = [];
  for await (const item of stdin.collect(context, { scheme: 'stdin', value: '-', text: '-' })) items.push(item);
  return items;
}

const textOf = (items: readonly Collected[]) =>
  items.flatMap((item) => (item.kind === 'artifact' ? [Buffer.from(item.artifact.bytes).toString()] : []));
const gapsOf = (items: readonly Collected[]) => items.flatMap((item) => (item.kind === 'gap' ? [item.gap.reason] : []));

describe('stdin', () => {
  it('gives all parts as one text', async () => {
    expect(textOf(await read(['one ', 'two']))).toEqual(['one two']);
  });

  it('never calls an empty input scanned', async () => {
    const items = await read([]);
    expect(textOf(items)).toEqual([]);
    expect(gapsOf(items)).toEqual(['nothing-planned']);
  });

  it('scans up to the limit and says what is missing', async () => {
    const items = await read(['12345', '67890'], 7);
    expect(textOf(items)).toEqual(['1234567']);
    expect(gapsOf(items)).toEqual(['too-large']);
  });
});
