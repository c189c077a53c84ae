import { expect, it } from 'vitest';
import { defineCollector } from '../../../src/collectors/contract.ts';
import { keepFile } from '../../../src/engine/gather/keep-file.ts';
import { buffersOf } from '../../../src/engine/gather/parallel/messages.ts';

const SHORT = Buffer.from('short');

function reader(id: string, condense?: (bytes: Uint8Array) => Uint8Array | undefined) {
  const rest = condense === undefined ? {} : { condense };
  return defineCollector({
    id,
    title: id,
    reads: 'artifact',
    permissions: [],
    marks: ['.json'],
    accepts: () => true,
    collect: () => [],
    ...rest,
  });
}

const artifact = { origin: { collector: 'files', path: 'a.json' }, bytes: Buffer.from('the whole text') };

it('keeps of a file what each collector reads, and all of it only where one needs that', () => {
  const [condensing, whole] = [reader('condensing', () => SHORT), reader('whole')];
  const both = keepFile([condensing, whole], artifact);
  expect(both).toMatchObject({ collectors: ['condensing', 'whole'], shorter: { condensing: SHORT } });
  expect(Buffer.from(both?.bytes ?? []).toString()).toBe('the whole text');
  expect(keepFile([condensing], artifact)).toMatchObject({ bytes: new Uint8Array(0), shorter: { condensing: SHORT } });
  const plain = keepFile([reader('not now', () => undefined), whole], artifact);
  expect(plain).not.toHaveProperty('shorter');
  expect(plain?.bytes).toHaveLength(14);
});

it('moves only buffers to another thread that hold nothing else', () => {
  const kept = keepFile([reader('condensing', () => SHORT), reader('whole')], artifact);
  if (kept === undefined) throw new Error('nothing is kept');
  const counts = { scope: '', path: 'a.json', binary: false, bytes: 14, matches: [], gaps: [] };
  // A short text stands in a buffer that Node shares among many.
  expect(SHORT.buffer.byteLength).toBeGreaterThan(SHORT.length);
  expect(buffersOf([{ kind: 'examined', ...counts, kept }])).toEqual([kept.bytes.buffer]);
});
