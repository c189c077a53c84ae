import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import decoder from '../../src/decoders/zlib.ts';
import { artifactOf, decodeAll, decoderContract, gapsOf, textsOf } from '../contract/decoder-contract.ts';

decoderContract(decoder, (text) => deflateSync(text));

it.each([1, 6, 9])('reads what was packed at level %s', async (level) => {
  expect(textsOf(await decodeAll(decoder, artifactOf(deflateSync('some content', { level }))))).toEqual([
    'some content',
  ]);
});

it('says that a stream is cut off', async () => {
  const whole = deflateSync(Array.from({ length: 4000 }, (_, at) => `line ${(at * 7919) % 10007}`).join('\n'));
  const decoded = await decodeAll(decoder, artifactOf(whole.subarray(0, whole.length / 2)));
  expect(gapsOf(decoded)).toEqual(['corrupt']);
  expect(textsOf(decoded)[0]).toContain('line 7919');
});

it('leaves texts alone that begin with the same bytes', () => {
  expect(decoder.accepts(artifactOf('x^2 + y^2 is a text'))).toBe(false);
  expect(decoder.accepts(artifactOf(`x\x9c${'\xff'.repeat(50)}`))).toBe(false);
});

it('leaves digests alone that begin with the same bytes, and reads short streams', async () => {
  const digests = Array.from({ length: 500 }, (_, at) => createHash('sha256').update(String(at)).digest());
  const begun = digests.map((digest) => Buffer.concat([Buffer.from('789c', 'hex'), digest.subarray(0, 14)]));
  expect(begun.filter((bytes) => decoder.accepts(artifactOf(bytes)))).toEqual([]);
  expect(textsOf(await decodeAll(decoder, artifactOf(deflateSync('short'))))).toEqual(['short']);
});
