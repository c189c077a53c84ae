import { crc32, deflateSync } from 'node:zlib';

/** An archive of `ar` (System V). */
export function arOf(files: Readonly<Record<string, string>>): Buffer {
  const members = Object.entries(files).map(([name, text]) => {
    const header = `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(12)}${'100644'.padEnd(8)}${String(text.length).padEnd(10)}\`\n`;
    return `${header}${text}${text.length % 2 === 0 ? '' : '\n'}`;
  });
  return Buffer.from(`!<arch>\n${members.join('')}`);
}

const hex = (value: number): string => value.toString(16).padStart(8, '0');
const octal = (value: number, length: number): string => value.toString(8).padStart(length, '0');
const fill = (bytes: Buffer, to: number): Buffer =>
  Buffer.concat([bytes, Buffer.alloc((to - (bytes.length % to)) % to)]);

/** One entry of cpio in the new form. */
export function cpioNewOf(name: string, text: string): Buffer {
  const fields = [1, 0o100644, 0, 0, 1, 0, text.length, 0, 0, 0, 0, name.length + 1, 0].map(hex).join('');
  return fill(Buffer.concat([fill(Buffer.from(`070701${fields}${name}\0`), 4), Buffer.from(text)]), 4);
}

/** One entry of cpio in the form of POSIX. */
export function cpioOdcOf(name: string, text: string): Buffer {
  const fields = `${octal(0, 42)}${octal(0, 11)}${octal(name.length + 1, 6)}${octal(text.length, 11)}`;
  return Buffer.from(`070707${fields}${name}\0${text}`);
}

/** One entry of cpio in the old binary form. */
export function cpioBinaryOf(name: string, text: string): Buffer {
  const header = Buffer.alloc(26);
  header.writeUInt16LE(0o070707, 0);
  header.writeUInt16LE(name.length + 1, 20);
  header.writeUInt16LE(text.length, 24);
  return fill(Buffer.concat([fill(Buffer.concat([header, Buffer.from(`${name}\0`)]), 2), Buffer.from(text)]), 2);
}

/** Bytes of a page of SQLite. */
export const PAGE = 512;

/** A page of rows, each of some texts: the format's own way round, from the end of the page to its start. */
export function pageOf(rows: readonly (readonly string[])[], head: number): Buffer {
  const page = Buffer.alloc(PAGE);
  page[head] = 13;
  page.writeUInt16BE(rows.length, head + 3);
  let end = PAGE;
  for (const [index, texts] of rows.entries()) {
    const types = texts.flatMap((text) => {
      const type = 13 + 2 * text.length;
      return type < 128 ? [type] : [128 | (type >> 7), type & 127];
    });
    const record = Buffer.concat([Buffer.from([types.length + 1, ...types]), Buffer.from(texts.join(''))]);
    const cell = Buffer.concat([Buffer.from([128 | (record.length >> 7), record.length & 127, index + 1]), record]);
    end -= cell.length;
    cell.copy(page, end);
    page.writeUInt16BE(end, head + 8 + 2 * index);
  }
  return page;
}

/** A database of one table. Its root is page 2, written as a text whose bytes are the number. */
export function sqliteOf(text: string): Buffer {
  const first = pageOf([['table', 't', 't', '\x02', 'CREATE TABLE t(x)']], 100);
  first.write('SQLite format 3\0', 0, 'latin1');
  first.writeUInt16BE(PAGE, 16);
  first.writeUInt32BE(1, 56);
  return Buffer.concat([first, pageOf([[text]], 0)]);
}

/** One object of a PDF file. */
export interface PdfObject {
  readonly dictionary: string;
  readonly stream?: string | Buffer;
}

/** A PDF file of some objects, numbered from 1. Readers that search need no table of them. */
export function pdfOf(objects: readonly PdfObject[], trailer = '/Size 9'): Buffer {
  const parts = objects.map(({ dictionary, stream }, index) => {
    const start = Buffer.from(
      `${index + 1} 0 obj\n<< ${dictionary}${stream === undefined ? '' : ` /Length ${stream.length}`} >>\n`,
    );
    const data =
      stream === undefined
        ? []
        : [Buffer.from('stream\n'), Buffer.from(stream as Buffer), Buffer.from('\nendstream\n')];
    return Buffer.concat([start, ...data, Buffer.from('endobj\n')]);
  });
  return Buffer.concat([Buffer.from('%PDF-1.7\n'), ...parts, Buffer.from(`trailer << ${trailer} >>\n%%EOF\n`)]);
}

/** UTF-32 with a mark. */
export function utf32Of(text: string, order: 'little' | 'big'): Buffer {
  const points = [0xfeff, ...Array.from(text, (char) => char.codePointAt(0) ?? 0)];
  const bytes = Buffer.alloc(4 * points.length);
  for (const [index, point] of points.entries()) {
    if (order === 'little') bytes.writeUInt32LE(point, 4 * index);
    else bytes.writeUInt32BE(point, 4 * index);
  }
  return bytes;
}

/** The start of a header of RPM: its magic, and an index of one entry about some text. */
function rpmHeaderOf(text: string): Buffer {
  const header = Buffer.alloc(32);
  header.writeUInt32BE(0x8eade801, 0);
  header.writeUInt32BE(1, 8);
  header.writeUInt32BE(text.length + 1, 12);
  header.writeUInt32BE(1000, 16);
  header.writeUInt32BE(6, 20);
  header.writeUInt32BE(1, 28);
  return Buffer.concat([header, Buffer.from(`${text}\0`)]);
}

/** An RPM package around packed files. */
export function rpmOf(payload: string | Uint8Array): Buffer {
  const lead = fill(Buffer.from('\xed\xab\xee\xdb\x03\x00\x00\x00', 'latin1'), 96);
  return Buffer.concat([lead, fill(rpmHeaderOf('signature'), 8), rpmHeaderOf('a name'), Buffer.from(payload)]);
}

/** A chunk of PNG. */
export function pngChunkOf(type: string, data: string | Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type), Buffer.from(data)]);
  const around = Buffer.alloc(8);
  around.writeUInt32BE(named.length - 4, 0);
  around.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([around.subarray(0, 4), named, around.subarray(4)]);
}

/** Data of the chunk zTXt. */
export function ztxtOf(text: string): Buffer {
  return Buffer.concat([Buffer.from('Comment\0\0'), deflateSync(text)]);
}

/** Data of the chunk iTXt with a packed text. */
export function itxtOf(text: string): Buffer {
  return Buffer.concat([Buffer.from('Comment\0\x01\0en\0Kommentar\0'), deflateSync(text)]);
}

/** A picture of one pixel with further chunks. */
export function pngOf(...chunks: readonly Buffer[]): Buffer {
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunkOf('IHDR', header),
    pngChunkOf('IDAT', deflateSync(Buffer.from([0, 0]))),
    ...chunks,
    pngChunkOf('IEND', ''),
  ]);
}
