import { expect, it } from 'vitest';
import decoder from '../../src/decoders/unopened.ts';
import { artifactOf, decodeAll, fuzzDecoder } from '../contract/decoder-contract.ts';

/** A file of a format with its marks, as far as the format can be told. Bytes of specifications, written by hand. */
function fileOf(parts: Readonly<Record<number, string>>, length = 4096): Buffer {
  const bytes = Buffer.alloc(length, 0);
  for (const [at, text] of Object.entries(parts)) bytes.write(text, Number(at), 'latin1');
  return bytes;
}

const FILES: readonly (readonly [string, Buffer])[] = [
  ['RAR archive', fileOf({ 0: 'Rar!\x1a\x07\x01\x00' })],
  ['ARJ archive', fileOf({ 0: '\x60\xea\x29\x00\x1e\x06\x01\x00\x10\x00\x02' })],
  ['LHA archive', fileOf({ 0: '\x21\x7e-lh5-', 20: '\x01' })],
  ['compress (.Z) file', fileOf({ 0: '\x1f\x9d\x90\x61\xc4' })],
  ['compressed Flash file', fileOf({ 0: 'CWS\x0a\x10\x20\x00\x00' })],
  ['ext2, ext3 or ext4 image', fileOf({ 1080: '\x53\xef\x01\x00' })],
  ['ISO 9660 image', fileOf({ 32768: '\x01CD001' }, 40_000)],
  ['Apple disk image', fileOf({ 3584: 'koly\x00\x00\x00\x04' })],
  ['Redis dump', fileOf({ 0: 'REDIS0011\xfa\x09redis-ver' })],
  ['LevelDB or RocksDB table', fileOf({ 4088: '\x57\xfb\x80\x8b\x24\x75\x47\xdb' })],
  ['Parquet table', fileOf({ 0: 'PAR1', 4092: 'PAR1' })],
  ['compound file (old Office document, MSI)', fileOf({ 0: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' })],
  [
    'PKCS #12 keystore',
    fileOf({ 0: '\x30\x82\x0a\x00\x02\x01\x03\x30\x82\x09\x00\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01' }),
  ],
  // RSA in the old form and the new one, and a curve.
  ['PGP secret key', fileOf({ 0: '\x95\x03\x98\x04\x6b\x0b\xff\xb5\x01\x08\x00\xcd' })],
  ['PGP secret key', fileOf({ 0: '\xc5\xc2\xd8\x04\x6b\x0b\xff\xb5\x01\x08\x00\xcd' })],
  ['PGP secret key', fileOf({ 0: '\x94\x58\x04\x6b\x0b\xff\xb6\x16\x09\x2b\x06\x01\x04\x01\xda\x47\x0f\x01' })],
  ['PGP secret key', fileOf({ 0: '\x95\x03\x98\x04\x6b\x0b\xff\xb5\x01\x08\x00\xcd' }, 100)],
  ['PGP-encrypted file', fileOf({ 0: '\x85\x01\x0c\x0312345678\x01\x08\x00\xcd' })],
  ['PGP-encrypted file', fileOf({ 0: '\x84\x5e\x0312345678\x12\x01\x07\x40' })],
  ['PGP-encrypted file', fileOf({ 0: '\x8c\x0d\x04\x09\x03\x02' })],
  ['PGP-compressed file', fileOf({ 0: '\xa3\x02\x78\x9c' })],
  ['GnuPG private key', fileOf({ 0: '(21:protected-private-key(3:rsa' })],
  // PKCS #8, as it is and encrypted, PKCS #1, SEC 1.
  ['private key in DER', fileOf({ 0: '\x30\x82\x04\xbd\x02\x01\x00\x30\x0d\x06\x09' })],
  ['private key in DER', fileOf({ 0: '\x30\x82\x05\x0d\x30\x57\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d' })],
  ['private key in DER', fileOf({ 0: '\x30\x82\x04\xa3\x02\x01\x00\x02\x82\x01\x01' })],
  ['private key in DER', fileOf({ 0: '\x30\x77\x02\x01\x01\x04\x20' })],
];

fuzzDecoder(decoder, async () => FILES.map(([, bytes]) => bytes));

it.each(FILES)('names a %s as a gap', async (name, bytes) => {
  const artifact = artifactOf(bytes, 'folder/a.bin');
  expect(decoder.accepts(artifact)).toBe(true);
  const message = `folder/a.bin: ${name} was not opened`;
  expect(await decodeAll(decoder, artifact)).toEqual([
    { kind: 'gap', gap: { reason: 'unsupported', subject: 'folder/a.bin', message } },
  ]);
});

it.each([
  ['text', Buffer.from('PAR1 is where a Parquet file begins; Rar! is not.')],
  ['a text about LHA', Buffer.from('x -lh5- is a method')],
  ['bytes that look like ARJ', fileOf({ 0: '\x60\xea\xff\xff' })],
  ['bytes that look like .Z', fileOf({ 0: '\x1f\x9d\xff\xff\xff' })],
  ['bytes that look like ext4', fileOf({ 1080: '\x53\xef\xff\xff' })],
  ['a picture', fileOf({ 0: '\x89PNG\x0d\x0a\x1a\x0a' })],
  ['a program', fileOf({ 0: '\x7fELF\x02\x01\x01' })],
  ['a certificate', fileOf({ 0: '\x30\x82\x03\x00\x30\x82\x02\x00' })],
  ['a certificate request', fileOf({ 0: '\x30\x82\x02\x50\x30\x82\x01\x38\x02\x01\x00' })],
  ['a public key', fileOf({ 0: '\x30\x82\x01\x0a\x02\x82\x01\x01' })],
  ['a PGP public key', fileOf({ 0: '\x99\x01\x0d\x04\x6b\x0b\xff\xb5\x01\x08\x00\xcd' })],
  ['a PGP signature', fileOf({ 0: '\x89\x01\x33\x04\x00\x01\x0a' })],
  ['a text in Windows-1252', Buffer.from('\x95 one\r\n\x95 two\r\n', 'latin1')],
  ['zeros', Buffer.alloc(70_000)],
  ['nothing', Buffer.alloc(0)],
])('leaves %s alone', (_, bytes) => {
  expect(decoder.accepts(artifactOf(bytes))).toBe(false);
});
