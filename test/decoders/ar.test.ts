import { expect, it } from 'vitest';
import decoder from '../../src/decoders/ar.ts';
import { artifactOf, decodeAll, decoderContract, gapsOf, textsOf } from '../contract/decoder-contract.ts';
import { arOf } from '../make-documents.ts';

decoderContract(decoder, (text) => arOf({ 'debian-binary': '2.0\n', 'control.tar/': text }));

it('reads names of System V and BSD', async () => {
  const bytes = arOf({
    '//': 'a-very-long-name.txt/\nother/\n',
    '/22': 'one',
    '#1/8': 'bsd.txt\0two',
    'short/': 'three',
  });
  const decoded = await decodeAll(decoder, artifactOf(bytes));
  expect(textsOf(decoded)).toEqual(['one', 'two', 'three']);
  const names = decoded.flatMap((one) => (one.kind === 'artifact' ? [one.artifact.derivation?.entry] : []));
  expect(names).toEqual(['other', 'bsd.txt', 'short']);
});

it('says that an archive is cut off', async () => {
  const bytes = arOf({ a: 'x'.repeat(500) });
  expect(gapsOf(await decodeAll(decoder, artifactOf(bytes.subarray(0, 200))))).toEqual(['corrupt']);
});
