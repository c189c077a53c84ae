import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PackFile } from '../../../src/git/pack/pack-file.ts';
import { temporaryFolder } from '../../collectors/shared-git.ts';
import { itRarely } from '../../it-rarely.ts';

const MIB = 1024 * 1024;
const CHECKSUM = createHash('sha1').update('the end of a pack').digest();
const EXPECTED = { count: 1, checksum: CHECKSUM };

function header(): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.write('PACK');
  bytes.writeUInt32BE(2, 4);
  bytes.writeUInt32BE(EXPECTED.count, 8);
  return bytes;
}

describe('a pack file', () => {
  itRarely('gives the bytes of any range, in any order, also when windows take the memory of others', () => {
    const middle = Uint32Array.from({ length: 5 * MIB }, (_, i) => Math.imul(i, 2_654_435_761));
    const bytes = Buffer.concat([header(), Buffer.from(middle.buffer), CHECKSUM]);
    const path = join(temporaryFolder(), 'a.pack');
    writeFileSync(path, bytes);
    const file = new PackFile(path, EXPECTED);
    // Passed over once, so that every window is in memory that another one had.
    for (let at = 0; at < bytes.length; at += MIB / 16) file.read(at, at + 1);
    const range = fc.tuple(fc.nat(bytes.length), fc.nat(300_000));
    fc.assert(
      fc.property(fc.array(range, { minLength: 1, maxLength: 50 }), (ranges) =>
        ranges.every(([start, length]) => {
          const end = Math.min(start + length, bytes.length);
          return file.read(start, end).equals(bytes.subarray(start, end));
        }),
      ),
      { numRuns: 200, seed: 7 },
    );
    file.close();
  });

  it('takes no more memory than for its windows, however large it is', () => {
    const path = join(temporaryFolder(), 'large.pack');
    const size = 2048 * MIB;
    const handle = openSync(path, 'w');
    writeSync(handle, header());
    ftruncateSync(handle, size);
    writeSync(handle, CHECKSUM, 0, CHECKSUM.length, size - CHECKSUM.length);
    closeSync(handle);
    const before = process.memoryUsage().arrayBuffers;
    const file = new PackFile(path, EXPECTED);
    for (let at = 0; at < size; at += 4 * MIB) file.read(at, at + 1000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(17 * MIB);
    file.close();
  });
});
