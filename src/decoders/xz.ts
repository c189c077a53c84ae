import { defineDecoder } from './contract.ts';
import { type PackedFormat, unpackFile } from './shared/unpack.ts';

const FORMAT: PackedFormat = {
  id: 'xz',
  name: 'xz',
  endings: [
    ['.txz', '.tar'],
    ['.xz', ''],
  ],
  load: async () => (await import('./readers/xz.ts')).unpackXz,
};
const MAGIC = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0];

/** xz files: LZMA2 in blocks. */
export default defineDecoder({
  id: 'xz',
  title: 'xz file',
  form: 'container',
  begins: [0xfd],
  accepts: ({ bytes }) => bytes[0] === MAGIC[0] && MAGIC.every((byte, index) => bytes[index] === byte),
  decode: (artifact, budget) => unpackFile(FORMAT, artifact, budget),
});
