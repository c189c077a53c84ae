import { expect, it } from 'vitest';
import decoder from '../../src/decoders/utf-16-strings.ts';
import { artifactOf, decodeAll } from '../contract/decoder-contract.ts';

it('of a string in UTF-16, also where a match takes the NUL behind it', async () => {
  const bytes = Buffer.concat([
    Buffer.from([1, 2, 3]),
    Buffer.from('a string of some length', 'utf16le').subarray(0, -1),
  ]);
  const [decoded] = await decodeAll(decoder, artifactOf(bytes));
  const artifact = decoded?.kind === 'artifact' ? decoded.artifact : expect.unreachable();
  const { length } = artifact.bytes;
  expect(artifact.derivation?.placeOf?.({ start: length - 2, end: length })).toEqual({
    start: bytes.length - 1,
    end: bytes.length,
  });
});
