import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleToken } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';
import { itRarely } from '../it-rarely.ts';

const noise = Buffer.from(Array.from({ length: 20_000 }, (_, at) => (at * 7919 + (at >> 3)) % 251));
const tarMark = Buffer.concat([Buffer.alloc(257, 35), Buffer.from('ustar\n')]);

/** What stands before the line with the token, by the name of the file. */
const BEFORE: Readonly<Record<string, Buffer>> = {
  'mark-little.env': Buffer.from([0xff, 0xfe, 0x23, 0x0a]),
  'mark-big.env': Buffer.from([0xfe, 0xff, 0x23, 0x0a]),
  'mark-utf-32.env': Buffer.from([0xff, 0xfe, 0, 0, 0x23, 0x0a, 0, 0]),
  'gzip.env': Buffer.from([0x1f, 0x8b, 8, 0, 0x0a]),
  'zip.env': Buffer.from('PK\x03\x04\n'),
  'tar.env': tarMark,
  'one-nul.js': Buffer.from('// \0\n'),
  'many-nuls.js': Buffer.alloc(9000),
  'noise.bin': noise,
};

let folder: string;
const git = (...args: string[]): void => {
  execFileSync('git', args, { cwd: folder, stdio: 'ignore' });
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bowerbird-bytes-'));
  git('init', '-q', '-b', 'main');
  git('config', 'user.name', 'a');
  git('config', 'user.email', 'a@example.com');
  git('commit', '-q', '--allow-empty', '-m', 'first');
  for (const [name, before] of Object.entries(BEFORE)) {
    writeFileSync(join(folder, name), Buffer.concat([before, Buffer.from(`GITHUB_TOKEN=${sampleToken(name)}\n`)]));
  }
  const wide = (name: string): Buffer => Buffer.from(`token: ${sampleToken(name)}`, 'utf16le');
  writeFileSync(join(folder, 'even.dll'), Buffer.concat([noise.subarray(0, 300), wide('even.dll'), noise]));
  writeFileSync(join(folder, 'odd.dll'), Buffer.concat([noise.subarray(0, 301), wide('odd.dll'), noise]));
  writeFileSync(join(folder, 'big-endian.dll'), Buffer.concat([noise, wide('big-endian.dll').swap16(), noise]));
  git('add', '.');
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Report {
  readonly findings: readonly { readonly locations: readonly { readonly path: string }[] }[];
  readonly coverage: readonly { readonly scope: string; readonly skipped: object; readonly facts: object }[];
}

async function scan(...args: string[]): Promise<Report> {
  const { stdout } = await runBowerbird(['scan', ...args, '--json'], { cwd: folder });
  return JSON.parse(stdout) as Report;
}

const ALL = [...Object.keys(BEFORE), 'even.dll', 'odd.dll', 'big-endian.dll'].sort();
const pathsOf = (report: Report): string[] => report.findings.map((one) => one.locations[0]?.path ?? '').sort();

describe('a mark, a NUL or the first bytes of an archive before a text', () => {
  it('hides nothing in a tree, and everything counts as scanned', async () => {
    const report = await scan('.');
    expect(pathsOf(report)).toEqual(ALL);
    const files = report.coverage.find(({ scope }) => scope === 'files');
    expect(files).toMatchObject({ scanned: ALL.length, skipped: {}, facts: { binary: 6 } });
  });

  it('hides nothing in what is staged', async () => {
    expect(pathsOf(await scan('--staged'))).toEqual(ALL);
  });

  itRarely('hides nothing in a range and in a history', async () => {
    git('commit', '-q', '-m', 'second');
    expect(pathsOf(await scan('--range', 'HEAD~1...HEAD'))).toEqual(ALL);
    expect(pathsOf(await scan('git:.'))).toEqual(ALL);
  });
});
