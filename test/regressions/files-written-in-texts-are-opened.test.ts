import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sampleToken } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';

/** A text that takes several lines in Base64, also when it is packed. */
const textWith = (name: string): string =>
  `one\nexport const token = '${sampleToken(name)}';\n${Array.from({ length: 60 }, (_, at) => Math.sin(at)).join(' ')}\n`;
const noise = Array.from({ length: 400 }, (_, at) => (at * 7919 + (at >> 3)) % 251);
const base64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64');
const wide = (text: string): Buffer => Buffer.from(text, 'utf16le');

function wrap(text: string, width: number, lineBreak: string): string {
  return (text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join(lineBreak);
}

/** A file of each name is written with what is made for the name, and found at the line and column. */
const FILES: Readonly<Record<string, readonly [make: (name: string) => string, line: number, column: number]>> = {
  'gzip.sh': [(name) => `echo ${base64(gzipSync(textWith(name)))} | base64 -d | gunzip\n`, 1, 6],
  'gzip-in-lines.yaml': [
    (name) => `data:\n  a: |\n    ${wrap(base64(gzipSync(textWith(name))), 76, '\n    ')}\n`,
    3,
    5,
  ],
  'gzip-in-json.json': [(name) => JSON.stringify({ content: wrap(base64(gzipSync(textWith(name))), 60, '\n') }), 1, 13],
  'text-in-json.json': [(name) => JSON.stringify({ content: wrap(base64(textWith(name)), 60, '\n') }), 1, 47],
  'text-in-lines.pem': [(name) => `${wrap(base64(textWith(name)), 64, '\r\n')}\n`, 1, 35],
  'zlib.txt': [(name) => `x: ${base64(deflateSync(textWith(name)))}\n`, 1, 4],
  'gzip.hex': [(name) => `${wrap(gzipSync(textWith(name)).toString('hex'), 60, '\n')}\n`, 1, 1],
  'command.cmd': [(name) => `powershell -EncodedCommand ${base64(wide(`$token = '${sampleToken(name)}'`))}\n`, 1, 28],
  'big-endian.txt': [(name) => `x: ${base64(wide(`\ufeff${sampleToken(name)}`).swap16())}\n`, 1, 4],
  'program.txt': [(name) => `x: ${base64(Buffer.from([...noise, 32, ...Buffer.from(sampleToken(name)), 32]))}\n`, 1, 4],
};

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bowerbird-written-'));
  for (const [name, [make]] of Object.entries(FILES)) writeFileSync(join(folder, name), make(name));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Report {
  readonly findings: readonly {
    readonly locations: readonly { readonly path: string; readonly startLine: number; readonly startColumn: number }[];
  }[];
}

it('finds what is packed, then written in a text, at its place in that text', async () => {
  const { stdout } = await runBowerbird(['scan', '.', '--no-config', '--report', 'json', '--quiet'], { cwd: folder });
  const { findings } = JSON.parse(stdout) as Report;
  const places = findings.flatMap(({ locations }) => locations);
  const expected = Object.entries(FILES).map(([path, [, startLine, startColumn]]) => ({
    path,
    startLine,
    startColumn,
  }));
  expect(places.map(({ path, startLine, startColumn }) => ({ path, startLine, startColumn })).sort(byPath)).toEqual(
    expected.sort(byPath),
  );
});

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : 1;
}
