import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { prepareJob, type Workshop } from './inputs.ts';
import type { Equality, Growth, RuleCosts } from './model.ts';
import type { Folder } from './options.ts';

/** Bytes of blobs of a history that every pattern can read in minutes. */
const LARGEST_REFERENCE = 150_000_000;
const LARGEST_OUTPUT = 64 * 1024 * 1024;

/** What each rule costs on a folder or, of a repository, on its history. */
export async function costRules(root: string, folder: Folder, isRepository: boolean): Promise<RuleCosts> {
  // Loaded when asked for: the detector would only take memory from a benchmark of processes.
  const { countTarget } = await import('../rule-costs.ts');
  const counters = await countTarget(root, isRepository ? `git:${folder.path}` : folder.path);
  return {
    input: folder.name,
    bytes: counters.bytes,
    hits: counters.hits,
    rules: counters.rows
      .filter((row) => row.literalHits > 0 || row.regexCalls + row.programRuns > 0)
      .map((row) => ({
        rule: row.id,
        hits: row.literalHits,
        calls: row.regexCalls + row.programRuns,
        time: row.nanoseconds / 1000,
      })),
  };
}

/** Compares 200 with 2,000 rules on the files of a folder or of HEAD. */
export async function growRules(root: string, folder: Folder, shop: Workshop): Promise<Growth> {
  const { measureGrowth } = await import('./growth.ts');
  const { target } = await prepareJob('tree', folder, shop);
  return measureGrowth(root, target, folder.name);
}

/**
 * Scans one history the fast way and the slow way with the equality step: against every pattern over every text or,
 * where that would take hours, against whole texts read through git. Every other output than its table is a defect,
 * which is thrown.
 */
export async function compareWays(root: string, folder: Folder, bytes: number): Promise<Equality> {
  const against = bytes <= LARGEST_REFERENCE ? 'reference' : 'full';
  const step = [join(root, 'src', 'build', 'run.mjs'), 'equality', '--against', against, folder.path];
  const output = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, step, { cwd: root, maxBuffer: LARGEST_OUTPUT }, (error, stdout, stderr) => {
      // Exit code 1 says that something differs.
      if (error === null || error.code === 1) resolve(stdout);
      else reject(new Error(`The equality step failed on ${folder.path}: ${stderr}`));
    });
  });
  return { input: folder.name, against, ...readTable(output) };
}

/** Reads the last row of the table that the equality step prints. */
export function readTable(output: string): Omit<Equality, 'input' | 'against'> {
  const rows = output.split('\n').filter((line) => line.startsWith('| '));
  const [head, cells] = [rows[0] ?? '', rows.at(-1) ?? ''].map((row) => row.split('|').map((cell) => cell.trim()));
  const read = (name: string): number => Number(cells?.[head?.indexOf(name) ?? -1] ?? Number.NaN);
  const result = { lost: read('lost'), gained: read('gained'), changed: read('changed') };
  if (rows.length > 1 && Object.values(result).every(Number.isInteger)) return result;
  throw new Error('The equality step printed no table that can be read.');
}
