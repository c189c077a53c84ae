import { describe, expect, it } from 'vitest';
import { type Artifact, shapeArtifact, withRanges } from '../../src/model/artifact.ts';

const origin = { collector: 'files', path: 'a.txt' };
const bytes = Buffer.from('some text');
const lineage = { memory: new Uint32Array(1), self: 0, base: -1 };

describe('shapeArtifact', () => {
  it('gives one shape with plain bytes of the same memory', () => {
    const artifacts: Artifact[] = [
      { origin, bytes },
      { bytes: new Uint8Array(bytes), ranges: [{ start: 0, end: 4 }], origin },
      { origin, bytes, lineage },
    ];
    const shaped = artifacts.map(shapeArtifact);
    expect(new Set(shaped.map((one) => Object.keys(one).join()))).toHaveLength(1);
    for (const [i, one] of shaped.entries()) {
      expect(one).toEqual({ ...artifacts[i], bytes: new Uint8Array(bytes) });
      expect(one.bytes.constructor).toBe(Uint8Array);
    }
    expect(shaped[0]?.bytes.buffer).toBe(bytes.buffer);
    expect(shaped[0]?.bytes.byteOffset).toBe(bytes.byteOffset);
  });
});

describe('withRanges', () => {
  it('changes nothing else', () => {
    const ranges = [{ start: 1, end: 2 }];
    expect(withRanges({ origin, bytes, lineage }, ranges)).toEqual({ origin, bytes, lineage, ranges });
  });
});
