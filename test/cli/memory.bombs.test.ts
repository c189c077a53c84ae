import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { TestRepository, temporaryFolder } from '../collectors/shared-git.ts';
import { packEntry, writePack } from '../git/pack/shared-pack.ts';
import { CEILING, measurePeak } from './measure-peak.ts';
import { sampleToken } from './run-bowerbird.ts';

const MIB = 1024 * 1024;
const VERSIONS = 3_000;
const CHAIN = 50;
const LINE = 'a line of a file that is as long as a megabyte and never changes much\n';

interface Measured {
  readonly report: { readonly coverage: readonly Line[]; readonly findings: readonly unknown[] };
  /** Most memory that was resident at one time, bytes. */
  readonly peak: number;
}

interface Line {
  readonly unit: string;
  readonly planned: number;
  readonly scanned: number;
  readonly gaps: readonly { readonly reason: string; readonly subject: string }[];
}

/** Scans with the built command line, and reads its peak memory when it exits. */
async function measure(folder: string, target: string): Promise<Measured> {
  const { stdout, stderr, peak } = await measurePeak(['scan', target, '--no-config', '--json'], folder);
  expect(stderr).toBe('');
  return { report: JSON.parse(stdout) as Measured['report'], peak };
}

function sizeBytes(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...sizeBytes(Math.floor(value / 128))];
}

function copy(offset: number, length: number): number[] {
  const number = [offset & 255, (offset >> 8) & 255, (offset >> 16) & 255, offset >>> 24];
  number.push(length & 255, (length >> 8) & 255, (length >> 16) & 255);
  return [128 | number.reduce((flags, byte, bit) => flags | (byte === 0 ? 0 : 1 << bit), 0), ...number.filter(Boolean)];
}

/** A delta that puts a line in the middle of a text. */
function insertion(size: number, line: string): Buffer {
  const at = Math.floor(size / 2);
  const sizes = [...sizeBytes(size), ...sizeBytes(size + line.length)];
  return Buffer.from([...sizes, ...copy(0, at), line.length, ...Buffer.from(line), ...copy(at, size - at)]);
}

/** A pack of some hundred kilobytes that holds 3 GB of unique blobs: versions of one file, in chains as git makes them. */
function writeVersions(repository: TestRepository): void {
  const root = Buffer.from(LINE.repeat(Math.ceil(MIB / LINE.length)));
  const ids = Array.from({ length: VERSIONS + 1 }, (_, i) => createHash('sha1').update(`version ${i}`).digest());
  const sizes = [root.length];
  const entries = [packEntry(3, root)];
  for (let i = 1; i <= VERSIONS; i += 1) {
    const base = i % CHAIN === 1 ? 0 : i - 1;
    const line = i === VERSIONS / 2 ? `token = "${sampleToken('memory')}"\n` : `version ${i}\n`;
    entries.push(packEntry(7, insertion(sizes[base] as number, line), ids[base]));
    sizes.push((sizes[base] as number) + line.length);
  }
  writePack(repository, entries, ids);
}

function lineOf({ report }: Measured, unit: string): Line {
  return report.coverage.find((line) => line.unit === unit) as Line;
}

describe('the memory of a scan stays under the ceiling', () => {
  it('on a history whose blobs are six times as large', async () => {
    const repository = new TestRepository();
    repository.commit('first', { 'a.txt': 'one\n' });
    writeVersions(repository);
    const measured = await measure(repository.folder, 'git:.');
    expect(lineOf(measured, 'blobs')).toMatchObject({ planned: VERSIONS + 2, scanned: VERSIONS + 2, gaps: [] });
    expect(measured.report.findings).toHaveLength(1);
    expect(VERSIONS * MIB).toBeGreaterThan(6 * CEILING - MIB);
    expect(measured.peak).toBeLessThan(CEILING);
  }, 180_000);

  it('on a folder with many files, a file of 2 GiB and an archive that swells', async () => {
    const folder = temporaryFolder();
    for (let i = 0; i < 3_000; i += 1) {
      const place = join(folder, `d${i % 50}`);
      if (i < 50) mkdirSync(place);
      writeFileSync(join(place, `${i}.txt`), LINE.repeat(500));
    }
    const sparse = openSync(join(folder, 'large.txt'), 'w');
    ftruncateSync(sparse, 2 ** 31);
    closeSync(sparse);
    writeFileSync(join(folder, 'bomb.txt.gz'), gzipSync(Buffer.alloc(600 * MIB)));
    const measured = await measure(folder, '.');
    const files = lineOf(measured, 'files');
    expect(files.planned).toBe(3_002);
    expect(files.gaps.map(({ reason, subject }) => `${reason} ${subject}`).sort()).toEqual([
      expect.stringMatching(/^limit bomb\.txt\.gz/),
      'too-large large.txt',
    ]);
    expect(measured.peak).toBeLessThan(CEILING);
  }, 180_000);
});
