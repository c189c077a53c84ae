import { defineDecoder } from './contract.ts';
import { type PackedFormat, unpackFile } from './shared/unpack.ts';

const FORMAT: PackedFormat = {
  id: 'bzip2',
  name: 'bzip2',
  endings: [
    ['.tbz2', '.tar'],
    ['.tbz', '.tar'],
    ['.bz2', ''],
  ],
  load: async () => (await import('./readers/bzip2.ts')).unpackBzip2,
};
const BLOCK = [0x31, 0x41, 0x59, 0x26, 0x53, 0x59];
const END = [0x17, 0x72, 0x45, 0x38, 0x50, 0x90];

/** bzip2: `BZh`, the size of blocks, and the digits of pi, or of its root where the file holds nothing. */
export default defineDecoder({
  id: 'bzip2',
  title: 'bzip2 file',
  form: 'container',
  begins: [0x42],
  accepts: ({ bytes }) =>
    bytes[0] === 0x42 &&
    bytes[1] === 0x5a &&
    bytes[2] === 0x68 &&
    [BLOCK, END].some((mark) => mark.every((byte, index) => bytes[4 + index] === byte)),
  decode: (artifact, budget) => unpackFile(FORMAT, artifact, budget),
});
