import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeFolder, sampleToken } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';
import { tarOf, zipOf } from '../make-archives.ts';
import { cpioNewOf } from '../make-documents.ts';

/** Entries that archives hold, and that were passed over: exit 0. All but comments and extra fields are packed once more, so that no scan of bytes finds them. */
const hide = (name: string): Buffer => Buffer.from(`TOKEN=${sampleToken(name)}\n`);
const filler = { name: 'filler', content: Buffer.from('nothing') };
const ARCHIVES: Readonly<Record<string, Buffer>> = {
  'sparse.tgz': gzipSync(tarOf([{ name: 'a', type: 'S', content: hide('sparse.tgz') }])),
  'contiguous.tgz': gzipSync(tarOf([{ name: 'a', type: '7', content: hide('contiguous.tgz') }])),
  'unknown-type.tgz': gzipSync(tarOf([{ name: 'a', type: 'Q', content: hide('unknown-type.tgz') }])),
  'v7.tgz': gzipSync(tarOf([{ name: 'a', magic: '', content: hide('v7.tgz') }])),
  'pax.tgz': gzipSync(tarOf([{ name: 'a', type: 'x', content: `99 comment=${hide('pax.tgz').toString()}` }])),
  'size-zero.zip': zipOf([{ name: 'a', content: hide('size-zero.zip'), claims: 0 }]),
  'folder.zip': zipOf([{ name: 'a/', content: hide('folder.zip') }]),
  'unlisted.zip': zipOf([filler, { name: 'a', content: hide('unlisted.zip'), listed: false }]),
  'installer.exe': Buffer.concat([
    Buffer.from('MZ'),
    Buffer.alloc(900),
    zipOf([{ name: 'a', content: hide('installer.exe') }]),
  ]),
  'padded.gz': Buffer.concat([gzipSync('first'), Buffer.alloc(512), gzipSync(hide('padded.gz'))]),
  'behind.zip': Buffer.concat([zipOf([filler]), gzipSync(hide('behind.zip'))]),
  'behind.tar': Buffer.concat([tarOf([filler]), gzipSync(hide('behind.tar'))]),
  'boot.cpio': Buffer.concat([cpioNewOf('TRAILER!!!', ''), Buffer.alloc(512), gzipSync(hide('boot.cpio'))]),
  'comment.zip': zipOf([filler], hide('comment.zip').toString()),
  'comment-of-one.zip': zipOf([{ ...filler, comment: hide('comment-of-one.zip').toString() }]),
  'extra.zip': zipOf([{ ...filler, extra: Buffer.concat([Buffer.from([9, 9, 47, 0]), hide('extra.zip')]) }]),
  'behind.gz': Buffer.concat([gzipSync('first'), zipOf([{ name: 'a', content: hide('behind.gz') }])]),
};

let tree: Awaited<ReturnType<typeof makeFolder>>;
let places: string[];

beforeAll(async () => {
  tree = await makeFolder(ARCHIVES);
  const { stdout } = await runBowerbird(['scan', '.', '--json'], { cwd: tree.folder });
  const report = JSON.parse(stdout) as { findings: { locations: { path: string }[] }[] };
  places = report.findings.flatMap(({ locations }) => locations.map(({ path }) => path));
});
afterAll(() => tree.remove());

it.each(Object.keys(ARCHIVES))('in %s', (name) => {
  // Extra fields stand before the entry and in the directory: two places in one file.
  expect(new Set(places.filter((path) => path.startsWith(name))).size).toBe(1);
});
