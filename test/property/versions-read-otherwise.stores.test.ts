import { execFileSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { expandTemplate } from '../../src/lib/template/expand.ts';
import { runBowerbird } from '../cli/run-either.ts';
import { TestRepository } from '../collectors/shared-git.ts';
import { runs } from './runs.ts';

const VERSIONS = 4;
/** Lines that all versions share, so that git stores them as deltas of each other. */
const SHARED = Array.from({ length: 40 }, (_, at) => `line ${at} of what every version of this file holds\n`).join('');

const HEADS: readonly Buffer[] = [
  Buffer.alloc(0),
  Buffer.from([0xff, 0xfe]),
  Buffer.from([0xfe, 0xff]),
  Buffer.from([0xff, 0xfe, 0, 0]),
  Buffer.from([0x1f, 0x8b, 8, 0]),
  Buffer.from('PK\x03\x04'),
  Buffer.from('\0\n'),
  Buffer.alloc(400, 1).fill(0, 0, 10),
];
/** Whole readings: as it is, in UTF-16 of either order, packed, encoded. */
const FORMS: readonly ((bytes: Buffer) => Buffer)[] = [
  (bytes) => bytes,
  (bytes) => Buffer.from(bytes.toString('latin1'), 'utf16le'),
  (bytes) => Buffer.from(bytes.toString('latin1'), 'utf16le').swap16(),
  (bytes) => gzipSync(bytes),
  (bytes) => Buffer.from(bytes.toString('base64')),
];
/** What a version may hold before, between and after the shared lines. */
const PIECES: readonly ((seed: string) => Buffer)[] = [
  (seed) => Buffer.from(`GITHUB_TOKEN=${expandTemplate('ghp_{github-crc:36}', seed)}\n`),
  (seed) => Buffer.from(`db_password = "${expandTemplate('{base62:16}', seed)}"\n`),
  (seed) => Buffer.from(`token ${expandTemplate('ghp_{github-crc:36}', `wide/${seed}`)}`, 'utf16le'),
  () => Buffer.from('another line\n'),
  () => Buffer.from('\0'),
  () => Buffer.alloc(300, 2),
];

/** One file: what it holds in the end, and for each version how it begins, how it is written and how much of that it has. */
const history = fc.record({
  pieces: fc.array(fc.nat(PIECES.length - 1), { minLength: 1, maxLength: 4 }),
  versions: fc.array(
    fc.record({
      head: fc.oneof(fc.constantFrom(0, HEADS.length - 1), fc.nat(HEADS.length - 1)),
      form: fc.oneof(fc.constant(0), fc.nat(FORMS.length - 1)),
      shown: fc.constantFrom(0, 0, 1, 2, 4),
    }),
    { minLength: VERSIONS, maxLength: VERSIONS },
  ),
});
type History = typeof history extends fc.Arbitrary<infer V> ? V : never;

function contentOf({ pieces, versions }: History, file: number, at: number): Buffer {
  const { head = 0, form = 0, shown = 0 } = versions[at] ?? {};
  const parts = pieces.slice(0, shown).map((piece, place) => PIECES[piece]?.(`${file}/${place}`) ?? Buffer.alloc(0));
  const body = Buffer.concat([Buffer.from(SHARED), ...parts, Buffer.from(SHARED)]);
  return Buffer.concat([HEADS[head] ?? Buffer.alloc(0), FORMS[form]?.(body) ?? body]);
}

/** A stream for `git fast-import`: commit `at` gives every file its version of that number. */
function commitOf(histories: readonly History[], at: number): Buffer {
  const lines: Buffer[] = [
    Buffer.from(
      `commit refs/heads/main\ncommitter a <a@example.com> ${1_700_000_000 + at} +0000\ndata 1\nx\n${at === 0 ? '' : 'from refs/heads/main^0\n'}`,
    ),
  ];
  for (const [file, drawn] of histories.entries()) {
    const bytes = contentOf(drawn, file, at);
    lines.push(Buffer.from(`M 100644 inline f${file}.txt\ndata ${bytes.length}\n`), bytes, Buffer.from('\n'));
  }
  return Buffer.concat(lines);
}

interface Report {
  readonly findings: readonly { readonly id: string; readonly ruleId: string }[];
  readonly coverage: readonly { readonly gaps: readonly { readonly message: string }[] }[];
}

async function findingsOf(folder: string, ...args: string[]): Promise<string[]> {
  const { stdout, stderr } = await runBowerbird(['scan', 'git:.', '--json', ...args], { cwd: folder });
  expect(stderr).toBe('');
  return (JSON.parse(stdout) as Report).findings.map(({ id, ruleId }) => `${ruleId} ${id}`).sort();
}

it('finds the same in histories of versions that are read otherwise, however they are read', async () => {
  // Each is scanned six times, by a process.
  const count = Math.min(400, runs(400));
  const histories = fc.sample(history, { numRuns: count, seed: 9 });
  const repository = new TestRepository({ bare: true });
  const { folder } = repository;
  const half = VERSIONS / 2;
  const bring = (from: number, to: number): void => {
    for (let at = from; at < to; at += 1) {
      execFileSync('git', ['fast-import', '--quiet'], { cwd: folder, input: commitOf(histories, at) });
    }
    repository.git('repack', '-q', '-a', '-d', '-f', '--depth=50', '--window=50');
  };
  bring(0, half);
  await findingsOf(folder, '--incremental');
  bring(half, VERSIONS);
  const expected = await findingsOf(folder, '--reader', 'cat-file');
  expect(expected.length).toBeGreaterThan(count / 2);
  expect(expected.filter((one) => one.startsWith('generic')).length).toBeGreaterThan(count / 5);
  for (const args of [
    ['--full-blobs'],
    ['--threads', '1'],
    ['--threads', '2'],
    ['--threads', '4'],
    ['--incremental'],
  ]) {
    expect([args, await findingsOf(folder, ...args)]).toEqual([args, expected]);
  }
}, 300_000);
