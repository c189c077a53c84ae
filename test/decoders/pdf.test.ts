import { deflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import decoder from '../../src/decoders/pdf.ts';
import { artifactOf, budgetOf, decodeAll, decoderContract, gapsOf, textsOf } from '../contract/decoder-contract.ts';
import { type PdfObject, pdfOf } from '../make-documents.ts';

const flate = (content: string): PdfObject => ({ dictionary: '/Filter /FlateDecode', stream: deflateSync(content) });
const page = (operators: string): PdfObject => flate(`BT ${operators} ET`);
const read = async (...objects: PdfObject[]): Promise<string[]> =>
  textsOf(await decodeAll(decoder, artifactOf(pdfOf(objects))));
const literal = (text: string): string => `(${text.replace(/[()\\]/g, '\\$&')})`;

decoderContract(decoder, (text) => pdfOf([page(`/F1 12 Tf ${literal(text)} Tj`)]));

it.each([
  ['a word in pieces', '[(pass) -20 (word) 15 (=x)] TJ', 'password=x'],
  [
    'pieces of one line in objects of their own',
    '1 0 0 1 72 700 Tm (pass) Tj ET BT 1 0 0 1 99 700 Tm (word) Tj',
    '\npassword',
  ],
  ['a space by distance', '[(a) -300 (b)] TJ', 'a b'],
  ['lines', '72 700 Td (one) Tj 0 -12 Td (two) Tj', '\none\ntwo'],
  ['escapes, nested parentheses and digits', '(a\\(\\101\\)(b)\\\nc) Tj <64 65> Tj', 'a(A)(b)cde'],
])('joins %s', async (_, operators, expected) => {
  expect(await read(page(operators))).toEqual([expected]);
});

it('reads codes by the map of their font', async () => {
  const map =
    '1 begincodespacerange <0000> <ffff> endcodespacerange 1 beginbfchar <0001> <0054> endbfchar 1 beginbfrange <0002> <0003> <004f> endbfrange';
  const texts = await read(
    { dictionary: '/Font << /F7 2 0 R >>' },
    { dictionary: '/Type /Font /Subtype /Type0 /Encoding /Identity-H /ToUnicode 3 0 R' },
    flate(map),
    page('/F7 12 Tf <000100020003> Tj'),
  );
  expect(texts).toEqual([map, 'TOP']);
});

it('finds fonts inside of object streams', async () => {
  const inner = '2 0 5 23 << /Font << /F7 5 0 R >> >> << /Subtype /Type0 /ToUnicode 3 0 R >>';
  const objects = { dictionary: `/Type /ObjStm /N 2 /First 9 /Filter /FlateDecode`, stream: deflateSync(inner) };
  const map = flate('begincodespacerange <00> <ff> endcodespacerange beginbfchar <01> <0054> endbfchar');
  const texts = await read(objects, { dictionary: '' }, { ...map }, page('/F7 12 Tf <01> Tj'));
  expect(texts.at(-1)).toBe('T');
});

it('says that a font does not tell its characters', async () => {
  const bytes = pdfOf([
    { dictionary: '/Font << /F7 2 0 R >>' },
    { dictionary: '/Subtype /Type0 /Encoding /Identity-H' },
    page('/F7 12 Tf <0001> Tj'),
  ]);
  expect(gapsOf(await decodeAll(decoder, artifactOf(bytes)))).toEqual(['unsupported']);
});

it('undoes base 85, hexadecimal digits and runs, one after the other', async () => {
  const runs = Buffer.concat([
    Buffer.from([4]),
    Buffer.from('TOKEN'),
    Buffer.from([254]),
    Buffer.from('x'),
    Buffer.from([128]),
  ]);
  const stream = `${runs.toString('hex')}>`;
  expect(await read({ dictionary: '/Filter [/ASCIIHexDecode /RunLengthDecode]', stream })).toEqual(['TOKENxxx']);
  expect(await read({ dictionary: '/Filter /ASCII85Decode', stream: '<+ohcAfu2~>' })).toEqual([expect.any(String)]);
  expect(await read({ dictionary: '/Filter /A85', stream: '9jqo^BlbD-BleB1DJ+*+F(f,q~>' })).toEqual([
    'Man is distinguished',
  ]);
});

it('leaves pictures alone, and names filters that it does not know and encryption', async () => {
  expect(await read({ dictionary: '/Subtype /Image /Filter /DCTDecode', stream: 'xxxx' })).toEqual([]);
  const lzw = pdfOf([{ dictionary: '/Filter /LZWDecode', stream: 'xxxx' }]);
  expect(gapsOf(await decodeAll(decoder, artifactOf(lzw)))).toEqual(['unsupported']);
  const encrypted = pdfOf([page('(a) Tj')], '/Encrypt 4 0 R');
  expect(gapsOf(await decodeAll(decoder, artifactOf(encrypted)))).toEqual(['unsupported']);
});

it('stops at the budget, and says so', async () => {
  const decoded = await decodeAll(decoder, artifactOf(pdfOf([flate('x'.repeat(5000))])), budgetOf({ bytes: 999 }));
  expect(gapsOf(decoded)).toEqual(['limit']);
});

it.each(['1 0 obj ', 'stream\n', '>>stream\n', '/Filter [', '/F 1 0 R ', '(', '[', '<'])(
  'reads a file of "%s" in linear time',
  async (piece) => {
    const text = piece.repeat(Math.ceil(400_000 / piece.length));
    const start = process.cpuUsage().user;
    await decodeAll(decoder, artifactOf(`%PDF-1.4\n${text}`));
    await decodeAll(
      decoder,
      artifactOf(pdfOf([flate(`BT ET begincmap beginbfchar beginbfrange ${text}`)])),
      budgetOf({ ratio: 10_000 }),
    );
    expect((process.cpuUsage().user - start) / 1e6).toBeLessThan(5);
  },
);

it('ends soon where white space stands in place of parameters', async () => {
  const started = performance.now();
  const dictionary = `/Filter /FlateDecode /DP${' '.repeat(150_000)}x`;
  expect(await read({ dictionary, stream: deflateSync('BT (hello) Tj ET') })).toEqual(['hello']);
  expect(performance.now() - started).toBeLessThan(5_000);
});
