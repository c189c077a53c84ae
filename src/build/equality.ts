import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { ScanContext, ScanOptions } from '../engine/plan/contract.ts';
import { UsageError } from '../model/errors.ts';
import type { Finding } from '../model/finding.ts';
import type { Report } from '../model/report.ts';

/** Repositories whose differences are listed one by one, up to this many each. */
const LISTED = 40;

/** The built library: what users run is what is compared. */
interface Library {
  scan(options: ScanOptions, context: ScanContext): Promise<Report>;
  createScanContext(): ScanContext;
}

/** How a history is read on one side of a comparison. */
interface Way {
  readonly engine: 'fast' | 'reference';
  readonly git: Readonly<Record<string, string | boolean | number>>;
}

const ORACLES: Readonly<Record<string, Way>> = {
  reference: { engine: 'reference', git: { reader: 'cat-file', 'full-blobs': true } },
  full: { engine: 'fast', git: { reader: 'cat-file', 'full-blobs': true } },
};

/** What a scan told: its verdict by what it is about, and the place of each. */
interface Told {
  readonly verdicts: ReadonlyMap<string, string>;
  readonly places: ReadonlyMap<string, string>;
  readonly report: Report;
  readonly seconds: number;
}

interface Difference {
  readonly lost: readonly string[];
  readonly gained: readonly string[];
  /** Told by both, with another grade or confidence. */
  readonly changed: readonly string[];
}

/**
 * `node src/build/run.mjs equality [--against reference|full] [--margin <bytes>] <repository>...`: scans each history
 * twice with the built library, the way users do and the slow way (whole blobs through git, and with `reference` every
 * pattern over every text), and compares the secrets, identities and edges. Returns 1 where anything differs.
 */
export async function run(root: string, args: readonly string[]): Promise<number> {
  const { folders, oracle, name, margin } = parseFlags(args);
  const library = loadLibrary(root);
  process.stdout.write(`| repository | blobs | told | lost | gained | changed | gaps | ${name} s | fast s |\n`);
  process.stdout.write('|---|---|---|---|---|---|---|---|---|\n');
  let differs = false;
  for (const folder of folders) {
    const fast = await tell(library, folder, { engine: 'fast', git: margin === undefined ? {} : { margin } });
    const slow = await tell(library, folder, oracle);
    const difference = compare(slow, fast);
    process.stdout.write(`${tableLine(folder, slow, fast, difference)}\n`);
    listDifferences(difference, slow, fast);
    differs ||= difference.lost.length + difference.gained.length + difference.changed.length > 0;
  }
  return differs ? 1 : 0;
}

function parseFlags(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { against: { type: 'string', default: 'reference' }, margin: { type: 'string' } },
  });
  const oracle = ORACLES[values.against];
  if (oracle === undefined) throw new UsageError(`--against is one of: ${Object.keys(ORACLES).join(', ')}.`);
  if (positionals.length === 0) throw new UsageError('Name at least one repository.');
  const margin = values.margin === undefined ? undefined : Number(values.margin);
  return { folders: positionals, oracle, name: values.against, margin };
}

function loadLibrary(root: string): Library {
  const file = join(root, 'dist', 'index.cjs');
  if (!existsSync(file)) throw new UsageError('There is no dist/: run "npm run build" first.');
  return createRequire(file)(file) as Library;
}

async function tell(library: Library, folder: string, way: Way): Promise<Told> {
  const started = performance.now();
  const options = { targets: [`git:${resolve(folder)}`], noConfig: true, engine: way.engine };
  const report = await library.scan({ ...options, collectors: { git: way.git } }, library.createScanContext());
  const verdicts = new Map<string, string>();
  const places = new Map<string, string>();
  for (const finding of report.findings) {
    for (const key of keysOf(finding)) {
      verdicts.set(key, verdictOf(finding));
      places.set(key, placeOf(finding));
    }
  }
  for (const { id } of report.identities) verdicts.set(`identity ${id}`, '');
  for (const edge of report.edges) verdicts.set(`edge ${edge.from} ${edge.kind} ${edge.to}`, '');
  return { verdicts, places, report, seconds: (performance.now() - started) / 1000 };
}

/** One pair of rule and fingerprint for every rule that matched the secret. */
function keysOf(finding: Finding): string[] {
  if (finding.kind !== 'secret') return [`${finding.ruleId} ${finding.id}`];
  return [finding.ruleId, ...finding.alsoMatched].map((rule) => `${rule} ${finding.fingerprint.slice(0, 20)}`);
}

function verdictOf(finding: Finding): string {
  const grade = finding.kind === 'secret' ? finding.grade : finding.severity;
  return `${grade} ${finding.confidence}`;
}

function placeOf({ locations: [first] }: Finding): string {
  return first === undefined ? '' : `${first.path}:${first.startLine} in ${first.blob ?? first.commit ?? ''}`;
}

function compare(slow: Told, fast: Told): Difference {
  const told = [...slow.verdicts];
  return {
    lost: told.filter(([key]) => !fast.verdicts.has(key)).map(([key]) => key),
    gained: [...fast.verdicts.keys()].filter((key) => !slow.verdicts.has(key)),
    changed: told
      .filter(([key, verdict]) => (fast.verdicts.get(key) ?? verdict) !== verdict)
      .map(([key, verdict]) => `${key} (${verdict}, then ${fast.verdicts.get(key)})`),
  };
}

function tableLine(folder: string, slow: Told, fast: Told, difference: Difference): string {
  const name = basename(folder) === 'repo' ? basename(dirname(folder)) : basename(folder);
  const blobs = fast.report.coverage.find((line) => line.unit === 'blobs')?.planned ?? 0;
  const { lost, gained, changed } = difference;
  const gaps = `${slow.report.summary.gaps}/${fast.report.summary.gaps}`;
  const seconds = `${slow.seconds.toFixed(1)} | ${fast.seconds.toFixed(1)}`;
  return `| ${name} | ${blobs} | ${slow.verdicts.size} | ${lost.length} | ${gained.length} | ${changed.length} | ${gaps} | ${seconds} |`;
}

function listDifferences({ lost, gained, changed }: Difference, slow: Told, fast: Told): void {
  for (const key of lost.slice(0, LISTED)) process.stdout.write(`lost ${key} ${slow.places.get(key) ?? ''}\n`);
  for (const key of gained.slice(0, LISTED)) process.stdout.write(`gained ${key} ${fast.places.get(key) ?? ''}\n`);
  for (const key of changed.slice(0, LISTED)) process.stdout.write(`changed ${key}\n`);
}
