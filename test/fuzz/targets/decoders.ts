import { deflateSync, gzipSync } from 'node:zlib';
import { tarOf, zipOf } from '../../make-archives.ts';
import {
  arOf,
  cpioBinaryOf,
  cpioNewOf,
  cpioOdcOf,
  itxtOf,
  pdfOf,
  pngChunkOf,
  pngOf,
  rpmOf,
  sqliteOf,
  utf32Of,
  ztxtOf,
} from '../../make-documents.ts';
import { bzip2Of, lzipOf, lzmaOf, sevenZipOf, xzOf, zstdOf } from '../../make-packed.ts';
import type { FuzzTarget } from '../shared/fuzz.ts';
import { PASSWORD, TOKEN } from '../shared/secrets.ts';

const TEXT = `TOKEN=${TOKEN}\npassword = "${PASSWORD}"\nä line of text that is long enough to be decoded\n`;
const PLAIN = TEXT.replaceAll('ä', 'a');
const BYTES = Buffer.from(TEXT);
const WIDE = Buffer.from(TEXT, 'utf16le');

const inLines = (text: string, width: number, lineBreak: string): string =>
  (text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join(lineBreak);
const escaped = (text: string): string =>
  Array.from(text, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
const percent = (text: string): string =>
  Array.from(Buffer.from(text), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
const literal = (text: string): string => `(${text.replace(/[()\\]/g, '\\$&')})`;

const FONT_MAP =
  '1 begincodespacerange <0000> <ffff> endcodespacerange 1 beginbfchar <0001> <0054> endbfchar 1 beginbfrange <0002> <0003> <004f> endbfrange';

/** An old Office document and a bit of everything that is named and not opened. */
const UNOPENED = [
  'Rar!\x1a\x07\x01\x00',
  '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
  'PAR1',
  'koly\0\0\0\x04',
  'REDIS0011',
].map((mark) => Buffer.concat([Buffer.from(mark, 'latin1'), Buffer.alloc(600)]));

/** What a decoder is fuzzed with beside the input that its test makes. */
type DecoderInputs = Pick<FuzzTarget, 'seeds' | 'pieces'>;

/**
 * Further forms of a format by the id of a decoder, and what it is made of. No decoder needs a row: the contract suite
 * fuzzes what the test encodes.
 */
export const DECODER_INPUTS: Readonly<Record<string, DecoderInputs>> = {
  ar: {
    seeds: [arOf({ 'debian-binary': '2.0\n', 'control.tar/': PLAIN, '//': 'long.txt/\n', '/0': 'x' })],
    pieces: ['!<arch>\n', '`\n', '#1/8'],
  },
  base64: {
    seeds: [
      `key: ${BYTES.toString('base64')}\n`,
      `k=${BYTES.toString('base64url')}`,
      `a:\n${Buffer.from(BYTES.toString('base64')).toString('base64')}`,
      inLines(BYTES.toString('base64'), 64, '\n  '),
      JSON.stringify(inLines(gzipSync(TEXT).toString('base64'), 60, '\n')),
      `-EncodedCommand ${WIDE.toString('base64')}`,
    ],
    pieces: ['H4sI', 'UEsDB', '\\n', `${'TWFu'.repeat(16)}\n`, '=='],
  },
  bzip2: { seeds: [bzip2Of(TEXT), bzip2Of(PLAIN.repeat(20))], pieces: ['BZh9', '1AY&SY'] },
  cpio: {
    seeds: [cpioNewOf, cpioOdcOf, cpioBinaryOf].map((form) =>
      Buffer.concat([form('app/.env', PLAIN), form('TRAILER!!!', '')]),
    ),
    pieces: ['070701', '070702', '070707', 'TRAILER!!!\0', 'ffffffff'],
  },
  gzip: { seeds: [gzipSync(TEXT), Buffer.concat([gzipSync('a'), Buffer.alloc(9), gzipSync(TEXT)])], pieces: ['\x1f'] },
  hex: {
    seeds: [
      `key: ${BYTES.toString('hex')}\n`,
      `0x${BYTES.toString('hex').toUpperCase()}`,
      inLines(gzipSync(TEXT).toString('hex'), 60, '\n'),
    ],
    pieces: ['1f8b08', `${'6d61'.repeat(15)}\n`],
  },
  lzip: { seeds: [lzipOf(TEXT)], pieces: ['LZIP\x01'] },
  lzma: { seeds: [lzmaOf(TEXT), lzmaOf(PLAIN.repeat(20))] },
  pdf: {
    seeds: [
      pdfOf([{ dictionary: '/Filter /FlateDecode', stream: deflateSync(`BT /F1 12 Tf ${literal(PLAIN)} Tj ET`) }]),
      pdfOf([
        { dictionary: '/Type /Font /ToUnicode 2 0 R' },
        { dictionary: '', stream: FONT_MAP },
        {
          dictionary: '/Filter [/ASCIIHexDecode]',
          stream: Buffer.from(`BT <0001> Tj [(${PASSWORD})] TJ ET`).toString('hex'),
        },
      ]),
    ],
    pieces: [
      'stream\n',
      '\nendstream',
      '1 0 obj',
      'endobj',
      '/Filter',
      '/FlateDecode',
      '/Encrypt',
      '<<',
      '>>',
      ' BT ',
      ' ET ',
      ' Tj ',
      '/Length 99999999',
      'beginbfrange <0000> <ffff> <0000>',
    ],
  },
  percent: { seeds: [`url=${percent(TEXT)}\n`, `a=${percent(percent('token'))}`] },
  png: {
    seeds: [pngOf(pngChunkOf('zTXt', ztxtOf(PLAIN))), pngOf(pngChunkOf('iTXt', itxtOf(PLAIN)))],
    pieces: ['zTXt', 'iTXt', 'Comment\0\0', 'Comment\0\x01\0\0\0'],
  },
  rpm: {
    seeds: [rpmOf(cpioNewOf('app/.env', PLAIN)), rpmOf(xzOf(cpioNewOf('app/.env', PLAIN)))],
    pieces: ['\x8e\xad\xe8\x01', '\xff\xff\xff\xff'],
  },
  'seven-zip': { seeds: [sevenZipOf(TEXT), sevenZipOf(PLAIN.repeat(20), 'b.txt')], pieces: ['7z\xbc\xaf\x27\x1c'] },
  sqlite: {
    seeds: [sqliteOf(PLAIN), sqliteOf('short')],
    pieces: ['SQLite format 3\0', '\r', '\x05', '\x02', '\xff\xff\xff\xff\xff\xff\xff\xff\xff'],
  },
  tar: {
    seeds: [
      tarOf([
        { name: 'app/.env', content: TEXT },
        { name: 'b', content: PLAIN, type: '7' },
      ]),
      tarOf([
        { name: '././@LongLink', content: 'a/'.repeat(80), type: 'L' },
        { name: 'c', content: TEXT, magic: '' },
      ]),
      tarOf([
        { name: 'x', content: '30 path=long/name.txt\n', type: 'x' },
        { name: 'd', content: TEXT },
      ]),
    ],
    pieces: ['ustar\0', '77777777777', 'path='],
  },
  'unicode-escape': {
    seeds: [`"${escaped(TEXT)}"`, '"\\x41\\x42\\u{1f600}\\u{41}"'],
    pieces: ['\\u{', '\\u', '\\x', 'ffffffff}'],
  },
  unopened: { seeds: UNOPENED, pieces: ['Rar!', 'CWS', 'PAR1'] },
  'utf-16-strings': { seeds: [Buffer.concat([Buffer.from([1, 2, 3]), WIDE, Buffer.from([255, 255])])] },
  'utf-16': { seeds: [Buffer.concat([Buffer.from([255, 254]), WIDE]), WIDE, Buffer.from(WIDE).swap16()] },
  'utf-32': { seeds: [utf32Of(TEXT, 'little'), utf32Of(TEXT, 'big')] },
  xz: { seeds: [xzOf(TEXT), xzOf(PLAIN.repeat(20))], pieces: ['\xfd7zXZ\0', 'YZ'] },
  zip: {
    seeds: [
      zipOf(
        [
          { name: 'app/.env', content: BYTES },
          { name: 'b', content: BYTES, method: 0 },
        ],
        'a comment',
      ),
      zipOf([
        { name: 'c', content: BYTES, method: 93, data: zstdOf(TEXT) },
        { name: 'd', content: BYTES, listed: false },
      ]),
      zipOf([
        { name: 'e', content: BYTES, method: 12, data: bzip2Of(TEXT) },
        { name: 'f', content: BYTES, method: 95, data: xzOf(TEXT) },
      ]),
    ],
    pieces: ['PK\x03\x04', 'PK\x01\x02', 'PK\x05\x06', 'PK\x06\x06', 'PK\x06\x07', '\x01\0\x08\0'],
  },
  zlib: { seeds: [deflateSync(TEXT), deflateSync(TEXT, { level: 1 })] },
  zstd: { seeds: [zstdOf(TEXT), zstdOf(PLAIN.repeat(20))], pieces: ['\x28\xb5\x2f\xfd'] },
};
