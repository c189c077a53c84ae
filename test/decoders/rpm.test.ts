import { expect, it } from 'vitest';
import decoder from '../../src/decoders/rpm.ts';
import { artifactOf, decodeAll, decoderContract, gapsOf, textsOf } from '../contract/decoder-contract.ts';
import { rpmOf } from '../make-documents.ts';

decoderContract(decoder, rpmOf);

it('returns what stands behind both headers, and nothing of them', async () => {
  const decoded = await decodeAll(decoder, artifactOf(rpmOf('the packed files')));
  expect(textsOf(decoded)).toEqual(['the packed files']);
  expect(gapsOf(decoded)).toEqual([]);
});

it.each([0, 8, 20, 90, 120])('says that a package is cut off before its files (%s bytes short)', async (short) => {
  const headers = rpmOf('');
  const bytes = headers.subarray(0, headers.length - Math.max(1, short));
  expect(gapsOf(await decodeAll(decoder, artifactOf(bytes)))).toEqual(['corrupt']);
});

it('believes no count of entries that goes beyond the file', async () => {
  const bytes = rpmOf('the packed files');
  bytes.writeUInt32BE(0xffffffff, 96 + 8);
  expect(gapsOf(await decodeAll(decoder, artifactOf(bytes)))).toEqual(['corrupt']);
});
