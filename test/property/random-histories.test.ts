import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScanContext, ScanOptions } from '../../src/engine/plan/contract.ts';
import { scan } from '../../src/engine/scan.ts';
import { expandTemplate } from '../../src/lib/template/expand.ts';
import type { Report } from '../../src/model/report.ts';
import { DIST } from '../cli/run-bowerbird.ts';
import { gitEnv } from '../collectors/shared-git.ts';
import { triesWithin } from './runs.ts';

/** `HISTORIES=1000 npx vitest run test/property/random-histories.test.ts` is the long run; 1,000 take a quarter of an hour. */
const LONG = Number(process.env['HISTORIES'] ?? 0);
/** One in `npm test`; in the fuzz lane as many as there is time for. */
const BOUNDS =
  LONG > 0
    ? { few: LONG, many: LONG, least: LONG, ms: 20_000 * LONG }
    : { few: 1, many: 1_000, least: 25, ms: 150_000 };
const TIMEOUT = 120_000 + 2 * BOUNDS.ms;

/** How the bytes of a version are made of its lines. */
const FORMS = [
  'text',
  'crlf',
  'nul',
  'late-nul',
  'utf8-mark',
  'false-mark',
  'utf16le',
  'utf16be',
  'gzip',
  'cut-gzip',
  'zip',
] as const;
type Form = (typeof FORMS)[number];

/** A version of a file: which lines it has, and in what form. */
interface Version {
  readonly form: Form;
  readonly lines: readonly number[];
}

/** One commit. `from`: the branch it is on; a merge joins the other one. */
interface Step {
  readonly branch: 0 | 1;
  readonly merge: boolean;
  readonly path: number;
  /** Undefined: the file is deleted. */
  readonly version: Version | undefined;
}

interface Sketch {
  readonly steps: readonly Step[];
  /** Where an earlier incremental run ends. */
  readonly earlier: number;
  readonly repack: boolean;
}

const PATHS = ['app.env', 'src/config.ts', 'notes.md', 'data.bin'];

/** Every third line holds a secret; the others are what deltas copy. */
function lineOf(number: number): string {
  if (number % 3 === 0) return `TOKEN_${number}=${expandTemplate('ghp_{github-crc:36}', `histories/${number}`)}`;
  return `// line ${number} of a file that changes, with words enough for a delta to copy it whole`;
}

function bytesOf({ form, lines }: Version): Buffer {
  const text = lines.map((line) => `${lineOf(line)}\n`).join('');
  const plain = Buffer.from(text);
  switch (form) {
    case 'crlf':
      return Buffer.from(text.replaceAll('\n', '\r\n'));
    case 'nul':
      return Buffer.concat([Buffer.from('\0'), plain]);
    case 'late-nul':
      return Buffer.concat([plain, Buffer.from('\0\0end\n')]);
    case 'utf8-mark':
      return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), plain]);
    case 'false-mark':
      return Buffer.concat([Buffer.from([0xff, 0xfe, 0x23, 0x0a]), plain]);
    case 'utf16le':
      return Buffer.from(`\ufeff${text}`, 'utf16le');
    case 'utf16be':
      return Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
    case 'gzip':
      return gzipSync(plain);
    case 'cut-gzip':
      return Buffer.concat([gzipSync(plain).subarray(0, 20), plain]);
    case 'zip':
      return zipOf('inner.env', plain);
    default:
      return plain;
  }
}

/** A zip file with one deflated entry (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT). */
function zipOf(name: string, bytes: Buffer): Buffer {
  const deflated = deflateRawSync(bytes);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(8, 4);
  common.writeUInt32LE(crc32(bytes), 10);
  common.writeUInt32LE(deflated.length, 14);
  common.writeUInt32LE(bytes.length, 18);
  common.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, Buffer.from(name), deflated]);
  const more = Buffer.alloc(14);
  const central = Buffer.concat([Buffer.from('PK\x01\x02\x14\0', 'latin1'), common, more, Buffer.from(name)]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

function crc32(bytes: Buffer): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

const version = fc.record({
  form: fc.constantFrom(...FORMS),
  lines: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 30 }),
});

const step: fc.Arbitrary<Step> = fc.record({
  branch: fc.constantFrom(0, 1),
  merge: fc.boolean(),
  path: fc.nat({ max: PATHS.length - 1 }),
  version: fc.option(version, { nil: undefined, freq: 8 }),
});

/** Later versions are mostly earlier ones in another form, or with a line more: that is what deltas are made of. */
const sketch: fc.Arbitrary<Sketch> = fc
  .record({
    steps: fc.array(fc.tuple(step, fc.constantFrom('anew', 'form', 'more')), { minLength: 2, maxLength: 9 }),
    earlier: fc.nat({ max: 8 }),
    repack: fc.boolean(),
  })
  .map(({ steps, ...rest }) => {
    const latest: (Version | undefined)[] = [];
    const grown = steps.map(([one, how]) => {
      const before = latest[one.path];
      const made = one.version && before && how !== 'anew' ? grow(before, one.version, how) : one.version;
      latest[one.path] = made ?? before;
      return { ...one, version: made };
    });
    return { steps: grown, ...rest };
  });

function grow(before: Version, next: Version, how: 'form' | 'more'): Version {
  const lines = [...before.lines, ...next.lines.slice(0, 2)];
  return how === 'form' ? { form: next.form, lines } : { form: before.form, lines };
}

/** Writes commits `[from, to)` into a bare repository with one process. */
function importSteps(folder: string, steps: readonly Step[], from: number, to: number): void {
  const parts: Buffer[] = [];
  const branches = [0, 1].map((branch) => steps.slice(0, from).some((one) => one.branch === branch || branch === 0));
  for (let at = from; at < to; at += 1) {
    const { branch, merge, path, version: made } = steps[at] as Step;
    const other = 1 - branch;
    const name = (number: number): string => `refs/heads/${number === 0 ? 'main' : 'side'}`;
    const lines = [
      `commit ${name(branch)}`,
      `committer n <n@example.com> ${1_700_000_000 + at} +0000`,
      'data 3',
      'one',
    ];
    if (at === from && branches[branch]) lines.push(`from ${name(branch)}^0`);
    else if (!branches[branch] && branches[other]) lines.push(`from ${name(other)}${at === from ? '^0' : ''}`);
    if (merge && branches[branch] && branches[other]) lines.push(`merge ${name(other)}${at === from ? '^0' : ''}`);
    branches[branch] = true;
    parts.push(Buffer.from(`${lines.join('\n')}\n`));
    if (made === undefined) parts.push(Buffer.from(`D ${PATHS[path]}\n`));
    else {
      const bytes = bytesOf(made);
      parts.push(Buffer.from(`M 100644 inline ${PATHS[path]}\ndata ${bytes.length}\n`), bytes, Buffer.from('\n'));
    }
  }
  const args = ['-c', 'fastimport.unpackLimit=1', 'fast-import', '--quiet', '--force'];
  execFileSync('git', args, { cwd: folder, env: gitEnv, input: Buffer.concat(parts), stdio: 'pipe' });
}

function makeBare(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bowerbird-history-'));
  for (const name of ['objects/pack', 'objects/info', 'refs/heads', 'refs/tags']) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  writeFileSync(join(folder, 'HEAD'), 'ref: refs/heads/main\n');
  writeFileSync(join(folder, 'config'), '[core]\n\trepositoryformatversion = 0\n\tbare = true\n');
  return folder;
}

function contextOf(): ScanContext {
  const now = (): Date => new Date('2026-11-01T00:00:00Z');
  return { now, cwd: '/', env: gitEnv, home: DIST, version: '1.2.3', sleep: () => Promise.resolve() };
}

function scanHistory(folder: string, options: Partial<ScanOptions> = {}): Promise<Report> {
  return scan({ targets: [`git:${folder}`], noConfig: true, threads: 1, ...options }, contextOf());
}

/** What every way of reading must agree on: the secrets, where they are now, and what was not read. */
function essence({ findings, coverage }: Report): unknown {
  const found = findings.map(({ id, locations }) => {
    const present = locations.filter((place) => place.present === true);
    return [
      id,
      [...new Set(present.map(({ path, startLine, decoded }) => `${path}:${startLine} ${decoded ?? ''}`))].sort(),
    ];
  });
  const gaps = coverage.flatMap(({ scope, gaps: list }) =>
    list.map(({ reason, subject }) => `${scope} ${reason} ${subject}`),
  );
  // An incremental run names a gap of an earlier run once, also where a new object has the same.
  return { found: found.sort(), gaps: [...new Set(gaps)].sort() };
}

/** What the ledger counts, where everything is read. */
function counts({ coverage }: Report): unknown {
  return coverage.map(({ scope, planned, scanned, skipped, state }) => ({ scope, planned, scanned, skipped, state }));
}

describe('random histories', () => {
  it(
    'say the same however they are read',
    async () => {
      await fc.assert(
        fc.asyncProperty(sketch, async ({ steps, earlier, repack }) => {
          const folder = makeBare();
          try {
            // The branch that is checked out comes first.
            const all = [{ ...(steps[0] as Step), branch: 0 as const }, ...steps.slice(1)];
            const cut = Math.min(Math.max(1, earlier), all.length);
            importSteps(folder, all, 0, cut);
            await scanHistory(folder, { incremental: true });
            importSteps(folder, all, cut, all.length);
            if (repack) execFileSync('git', ['repack', '-adfq'], { cwd: folder, env: gitEnv, stdio: 'pipe' });
            const catFile = await scanHistory(folder, {
              collectors: { git: { reader: 'cat-file', 'full-blobs': true } },
            });
            const ways: Readonly<Record<string, Partial<ScanOptions>>> = {
              pack: {},
              'full blobs': { collectors: { git: { 'full-blobs': true } } },
              'two threads': { threads: 2 },
              'four threads': { threads: 4 },
            };
            for (const [way, options] of Object.entries(ways)) {
              const report = await scanHistory(folder, options);
              expect(essence(report), way).toEqual(essence(catFile));
              expect(counts(report), way).toEqual(counts(catFile));
            }
            const incremental = await scanHistory(folder, { incremental: true });
            expect(essence(incremental), 'incremental').toEqual(essence(catFile));
          } finally {
            rmSync(folder, { recursive: true, force: true });
          }
        }),
        triesWithin(BOUNDS),
      );
    },
    TIMEOUT,
  );
});
