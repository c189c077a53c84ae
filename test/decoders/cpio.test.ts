import { expect, it } from 'vitest';
import decoder from '../../src/decoders/cpio.ts';
import { artifactOf, decodeAll, decoderContract, gapsOf, textsOf } from '../contract/decoder-contract.ts';

const hex = (value: number): string => value.toString(16).padStart(8, '0');
const octal = (value: number, length: number): string => value.toString(8).padStart(length, '0');
const fill = (bytes: Buffer, to: number): Buffer =>
  Buffer.concat([bytes, Buffer.alloc((to - (bytes.length % to)) % to)]);

function newForm(name: string, text: string): Buffer {
  const fields = [1, 0o100644, 0, 0, 1, 0, text.length, 0, 0, 0, 0, name.length + 1, 0].map(hex).join('');
  return fill(Buffer.concat([fill(Buffer.from(`070701${fields}${name}\0`), 4), Buffer.from(text)]), 4);
}

function odc(name: string, text: string): Buffer {
  const fields = `${octal(0, 42)}${octal(0, 11)}${octal(name.length + 1, 6)}${octal(text.length, 11)}`;
  return Buffer.from(`070707${fields}${name}\0${text}`);
}

function binary(name: string, text: string): Buffer {
  const header = Buffer.alloc(26);
  header.writeUInt16LE(0o070707, 0);
  header.writeUInt16LE(name.length + 1, 20);
  header.writeUInt16LE(text.length, 24);
  return fill(Buffer.concat([fill(Buffer.concat([header, Buffer.from(`${name}\0`)]), 2), Buffer.from(text)]), 2);
}

decoderContract(decoder, (text) => Buffer.concat([newForm('app/.env', text), newForm('TRAILER!!!', '')]));

it.each([
  ['the new form', newForm],
  ['the portable form', odc],
  ['the binary form', binary],
])('reads %s', async (_, make) => {
  const bytes = Buffer.concat([make('one', 'first text'), make('two', 'second'), make('TRAILER!!!', '')]);
  expect(decoder.accepts(artifactOf(bytes))).toBe(true);
  const decoded = await decodeAll(decoder, artifactOf(bytes));
  expect(textsOf(decoded)).toEqual(['first text', 'second']);
  expect(gapsOf(decoded)).toEqual([]);
});

it('says that an archive is cut off', async () => {
  const bytes = newForm('one', 'x'.repeat(500));
  expect(gapsOf(await decodeAll(decoder, artifactOf(bytes)))).toEqual(['corrupt']);
});

it('leaves numbers alone', () => {
  expect(decoder.accepts(artifactOf(`070707 is a number${'.'.repeat(200)}`))).toBe(false);
});
