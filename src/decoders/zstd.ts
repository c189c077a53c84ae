import { defineDecoder } from './contract.ts';
import { type PackedFormat, unpackFile } from './shared/unpack.ts';

const FORMAT: PackedFormat = {
  id: 'zstd',
  name: 'Zstandard',
  endings: [
    ['.tzst', '.tar'],
    ['.zst', ''],
  ],
  load: async () => {
    const [{ unpackZstd }, { Decompress }] = await Promise.all([import('./readers/zstd.ts'), import('fzstd')]);
    return unpackZstd(Decompress);
  },
};

/** Zstandard files (RFC 8878); the first frame may be one of those that are skipped. */
export default defineDecoder({
  id: 'zstd',
  title: 'Zstandard file',
  form: 'container',
  begins: [0x28, ...Array.from({ length: 16 }, (_, low) => 0x50 + low)],
  accepts: ({ bytes: { 0: a = 0, 1: b, 2: c, 3: d } }) =>
    (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) ||
    ((a & 0xf0) === 0x50 && b === 0x2a && c === 0x4d && d === 0x18),
  decode: (artifact, budget) => unpackFile(FORMAT, artifact, budget),
});
