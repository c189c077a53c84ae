import { deflateSync, inflateSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, sampleToken } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';
import { type PdfObject, pdfOf } from '../make-documents.ts';

/** What bounds of the reader of PDF files cut off without a word: each file was clean, exit 0. */
const FLATE = '/Filter /FlateDecode';
/** A page of a token, in pieces, so that no scan of its bytes finds it. */
const page = (name: string, dictionary = FLATE): PdfObject => {
  const token = `TOKEN=${sampleToken(name)}`;
  return { dictionary, stream: deflateSync(`BT /F1 12 Tf [(${token.slice(0, 16)}) -20 (${token.slice(16)})] TJ ET`) };
};
const hex = (text: string): string => Buffer.from(text, 'utf16le').swap16().toString('hex');
/** A page in a font of its own, in which the code of a character is its place among those of the text. */
const coded = (text: string, map: (characters: readonly string[]) => string, resources = ''): PdfObject[] => {
  const characters = [...new Set(text)];
  const codes = Array.from(text, (char) => characters.indexOf(char).toString(16).padStart(4, '0')).join('');
  return [
    { dictionary: `/Font << ${resources} /F7 2 0 R >>` },
    { dictionary: '/Subtype /Type0 /Encoding /Identity-H /ToUnicode 3 0 R' },
    {
      dictionary: FLATE,
      stream: deflateSync(`begincodespacerange <0000> <ffff> endcodespacerange ${map(characters)}`),
    },
    { dictionary: FLATE, stream: deflateSync(`BT /F7 12 Tf <${codes}> Tj ET`) },
  ];
};
const one = (characters: readonly string[]): string =>
  `beginbfchar ${characters.map((char, code) => `<${code.toString(16).padStart(4, '0')}> <${hex(char)}>`).join('')} endbfchar`;
const list = (characters: readonly string[]): string =>
  `beginbfrange <0000> <0fff> [${characters.map((char) => `<${hex(char)}>`).join(' ')}${' '.repeat(17_000)}] endbfrange`;
const tokenOf = (name: string): string => `TOKEN=${sampleToken(name)}`;

/** The font is set first, then marked content has a name. */
const marked = (objects: readonly PdfObject[]): PdfObject[] => [
  ...objects.slice(0, -1),
  ...objects.slice(-1).map(({ dictionary, stream }) => {
    const content = inflateSync(stream as Buffer).toString('latin1');
    return { dictionary, stream: deflateSync(content.replace('Tf ', 'Tf /Span << /MCID 1 >> BDC ')) };
  }),
];
/** Rows of four bytes, each the differences to the row above, as the predictor "up" of PNG makes them. */
const differences = (text: string): Buffer => {
  const bytes = Buffer.from(text, 'latin1');
  return Buffer.concat(
    Array.from({ length: Math.ceil(bytes.length / 4) }, (_, row) => {
      const own = bytes.subarray(4 * row, 4 * row + 4);
      return Buffer.from([2, ...own.map((byte, at) => byte - (row === 0 ? 0 : (bytes[4 * row - 4 + at] as number)))]);
    }),
  );
};

const FOUND: Readonly<Record<string, Buffer>> = {
  'a long dictionary.pdf': pdfOf([page('a long dictionary', `${FLATE} /Note (${'x'.repeat(9000)})`)]),
  'the word in a dictionary.pdf': pdfOf([page('the word in a dictionary', `${FLATE} /Note (a stream of notes)`)]),
  'a name in numbers.pdf': pdfOf([page('a name in numbers', '/Filter /#46lateDecode')]),
  'marked content.pdf': pdfOf(marked(coded(tokenOf('marked content'), one))),
  'a comment.pdf': pdfOf([{ dictionary: FLATE, stream: deflateSync(`BT ET\n% ${tokenOf('a comment')}\n`) }]),
  'a text of a part.pdf': pdfOf([
    { dictionary: FLATE, stream: deflateSync(`BT /Span << /ActualText <feff${hex(tokenOf('a part'))}> >> BDC EMC ET`) },
  ]),
  'differences.pdf': pdfOf([
    {
      dictionary: `${FLATE} /DecodeParms << /Predictor 12 /Columns 4 >>`,
      stream: deflateSync(differences(`BT (${tokenOf('differences')}    ) Tj ET`)),
    },
  ]),
  'many resources.pdf': pdfOf(coded(tokenOf('many resources'), one, `/Note (${'x'.repeat(17_000)})`)),
};
const NAMED: Readonly<Record<string, Buffer>> = {
  'filter elsewhere.pdf': pdfOf([page('filter elsewhere', '/Filter 9 0 R')]),
  'characters that no map has.pdf': pdfOf(coded(tokenOf('unmapped'), (characters) => one(characters.slice(0, 5)))),
  'parameters elsewhere.pdf': pdfOf([page('parameters elsewhere', `${FLATE} /DecodeParms 9 0 R`)]),
  'a long list.pdf': pdfOf(coded(tokenOf('a long list'), list)),
};

interface Seen {
  readonly found: readonly string[];
  readonly gaps: readonly { readonly reason: string; readonly subject: string; readonly message: string }[];
}

async function scan(files: Readonly<Record<string, string | Buffer>>): Promise<Seen> {
  const tree = await makeFolder(files);
  try {
    const { stdout } = await runBowerbird(['scan', '.', '--json'], { cwd: tree.folder });
    const report = JSON.parse(stdout) as {
      findings: { locations: { path: string }[] }[];
      coverage: { gaps: Seen['gaps'] }[];
    };
    return {
      found: report.findings.flatMap(({ locations }) => locations.map(({ path }) => path.split('!/')[0] ?? '')),
      gaps: report.coverage.flatMap(({ gaps }) => gaps),
    };
  } finally {
    await tree.remove();
  }
}

describe('a token in a PDF file is found or named', () => {
  let seen: Seen;
  beforeAll(async () => {
    seen = await scan({ ...FOUND, ...NAMED });
  });

  it.each(Object.keys(FOUND))('%s: found', (path) => {
    expect(seen.found).toContain(path);
  });

  it.each(Object.keys(NAMED))('%s: a gap', (path) => {
    expect(seen.gaps.find(({ subject }) => subject === path)?.reason).toBe('unsupported');
  });
});

it('what is shown beyond the limit of decoded bytes is a gap', async () => {
  const limits = 'limits: { decoded-bytes: 12000 }\n';
  const map = (): string =>
    `beginbfchar <0000> <${hex('x'.repeat(2000))}> <0001> <${hex(` ${tokenOf('beyond')}`)}> endbfchar`;
  const long = pdfOf(coded(`${'x'.repeat(10)}T`, map));
  const { found, gaps } = await scan({ '.bowerbird.yaml': limits, 'long.pdf': long });
  expect(found).toEqual([]);
  const message = 'long.pdf: shows more text than the limit of decoded bytes; what is beyond was not scanned';
  expect(gaps).toContainEqual({ reason: 'limit', subject: 'long.pdf', message });
});
