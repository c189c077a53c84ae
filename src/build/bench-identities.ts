import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listSearchPath } from '../lib/system.ts';
import { UsageError } from '../model/errors.ts';
import { readReport } from './bench-identities/bowerbird.ts';
import type { Specialist, Surroundings } from './bench-identities/model.ts';
import { type IdentityBenchOptions, readOptions, usageOf } from './bench-identities/options.ts';
import { findShort, render } from './bench-identities/render.ts';
import { SPECIALISTS } from './bench-identities/table.ts';

const MOST_OUTPUT = 1024 ** 3;

/**
 * `npm run bench:identities`: compares what Bowerbird says of identities with what specialists say, on their own test
 * data, and prints one table each. Fetches nothing. Exit 1 where an input is missing, so that a figure is not one.
 *
 * @throws UsageError for wrong flags and folders, and where a specialist is not installed
 */
export async function run(root: string, args: readonly string[]): Promise<number> {
  const options = readOptions(root, args, SPECIALISTS);
  if (options === 'help') {
    process.stdout.write(usageOf(SPECIALISTS));
    return 0;
  }
  const scratch = mkdtempSync(join(tmpdir(), 'bowerbird-identities-'));
  try {
    return await compareAll(options, scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function compareAll(options: IdentityBenchOptions, scratch: string): Promise<number> {
  const short: string[] = [];
  for (const specialist of SPECIALISTS) {
    const folder = options.folders.get(specialist.name);
    if (folder === undefined) continue;
    const own = join(scratch, specialist.name);
    mkdirSync(own);
    const comparisons = await specialist.compare(prepare(specialist, options, folder, own));
    process.stdout.write(render(specialist, comparisons));
    short.push(...findShort(specialist, comparisons).map((line) => `${specialist.name}: ${line}`));
  }
  for (const line of short) process.stderr.write(`${line}\n`);
  return short.length === 0 ? 0 : 1;
}

function prepare(
  specialist: Specialist,
  { bins, cli }: IdentityBenchOptions,
  folder: string,
  scratch: string,
): Surroundings {
  const scan = async (target: string, flags: readonly string[] = []) =>
    readReport(await ask(process.execPath, [cli, 'scan', target, '--json', ...flags]), target);
  return { folder, executable: findCommand(specialist, bins), scratch, ask, scan };
}

function findCommand({ name, executable, setup }: Specialist, bins: readonly string[]): string {
  if (executable === undefined) return '';
  const folders = [...bins, ...listSearchPath(process.env)];
  const file = folders.map((folder) => join(folder, executable)).find((path) => existsSync(path));
  if (file === undefined) throw new UsageError(`${name} is not installed: ${setup}.`);
  return file;
}

/** Scanners end with another code than 0 where they find something, so the code says nothing. */
function ask(file: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(file, [...args], { maxBuffer: MOST_OUTPUT }, (error, stdout) => {
      if (error !== null && typeof error.code !== 'number') reject(error);
      else resolve(stdout);
    });
  });
}
