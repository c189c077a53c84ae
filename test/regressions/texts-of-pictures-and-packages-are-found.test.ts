import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeFolder, sampleToken } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';
import { cpioNewOf, itxtOf, pngChunkOf, pngOf, rpmOf, ztxtOf } from '../make-documents.ts';
import { xzOf, zstdOf } from '../make-packed.ts';

/** Packed texts of PNG pictures were "binary", exit 0; an RPM package was a gap. */
const line = (name: string): string => `TOKEN=${sampleToken(name)}\n`;
const files = (name: string): Buffer =>
  Buffer.concat([cpioNewOf('./etc/app.env', line(name)), cpioNewOf('TRAILER!!!', '')]);
const FILES: Readonly<Record<string, Buffer>> = {
  'ztxt.png': pngOf(pngChunkOf('zTXt', ztxtOf(line('ztxt.png')))),
  'itxt.png': pngOf(pngChunkOf('iTXt', itxtOf(line('itxt.png')))),
  'gzip.rpm': rpmOf(gzipSync(files('gzip.rpm'))),
  'xz.rpm': rpmOf(xzOf(gzipSync(files('xz.rpm')))),
  'zstd.rpm': rpmOf(zstdOf(gzipSync(files('zstd.rpm')))),
};
const PLACES: Readonly<Record<string, string>> = {
  'ztxt.png': 'ztxt.png!/zTXt Comment',
  'itxt.png': 'itxt.png!/iTXt Comment',
  'gzip.rpm': 'gzip.rpm!/payload!/payload!/./etc/app.env',
  'xz.rpm': 'xz.rpm!/payload!/payload!/payload!/./etc/app.env',
  'zstd.rpm': 'zstd.rpm!/payload!/payload!/payload!/./etc/app.env',
};
let tree: Awaited<ReturnType<typeof makeFolder>>;
let places: string[];
let gaps: unknown[];

beforeAll(async () => {
  tree = await makeFolder(FILES);
  const { stdout } = await runBowerbird(['scan', '.', '--json'], { cwd: tree.folder });
  const report = JSON.parse(stdout) as {
    findings: { locations: { path: string }[] }[];
    coverage: { gaps: unknown[] }[];
  };
  places = report.findings.flatMap(({ locations }) => locations.map(({ path }) => path));
  gaps = report.coverage.flatMap((scope) => scope.gaps);
});
afterAll(() => tree.remove());

it.each(Object.keys(FILES))('%s', (name) => {
  expect(places).toContain(PLACES[name]);
});

it('without a gap', () => {
  expect(gaps).toEqual([]);
});
