import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeFolder, sampleToken } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';
import { zipOf } from '../make-archives.ts';
import { bzip2Of, lzipOf, lzmaOf, sevenZipOf, xzOf, zstdOf } from '../make-packed.ts';

/** Formats that were "binary", exit 0. Each holds a zip file with a token, so that no scan of its bytes finds it. */
const inner = (name: string): Buffer =>
  zipOf([{ name: 'app/.env', content: Buffer.from(`TOKEN=${sampleToken(name)}\n`) }]);
const pdf = (text: string): Buffer =>
  Buffer.concat([
    Buffer.from('%PDF-1.7\n1 0 obj\n<< /Filter /FlateDecode >>\nstream\n'),
    deflateSync(`BT /F1 12 Tf [(TOKEN=${text.slice(0, 9)}) -20 (${text.slice(9)})] TJ ET`),
    Buffer.from('\nendstream\nendobj\n'),
  ]);
const FILES: Readonly<Record<string, Buffer>> = {
  'a.bz2': bzip2Of(inner('a.bz2')),
  'a.xz': xzOf(inner('a.xz')),
  'a.lzma': lzmaOf(inner('a.lzma')),
  'a.lz': lzipOf(inner('a.lz')),
  'a.zst': zstdOf(inner('a.zst')),
  'a.7z': sevenZipOf(inner('a.7z')),
  'a.zz': deflateSync(inner('a.zz')),
  'a.pdf': pdf(sampleToken('a.pdf')),
};

let tree: Awaited<ReturnType<typeof makeFolder>>;
let places: string[];
/** The finding of each place. */
let ids: string[];
let gaps: string[];

beforeAll(async () => {
  tree = await makeFolder(FILES);
  const { stdout } = await runBowerbird(['scan', '.', '--json'], { cwd: tree.folder });
  const report = JSON.parse(stdout) as {
    findings: { id: string; locations: { path: string }[] }[];
    coverage: { gaps: { message: string }[] }[];
  };
  places = report.findings.flatMap(({ locations }) => locations.map(({ path }) => path));
  ids = report.findings.flatMap(({ id, locations }) => locations.map(() => id));
  gaps = report.coverage.flatMap((line) => line.gaps.map(({ message }) => message));
});
afterAll(() => tree.remove());

it.each(Object.keys(FILES))('%s', (name) => {
  // The packed archive is read in two ways where its format stores it as it is: both places are of the same finding.
  const inside = places.filter((path) => path === name || path.startsWith(`${name}!/`));
  expect(inside).not.toEqual([]);
  expect(new Set(ids.filter((_, index) => inside.includes(places[index] ?? ''))).size).toBe(1);
});

it('without a gap', () => {
  expect(gaps).toEqual([]);
});
