import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expandTemplate } from '../../src/lib/template/expand.ts';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
/** What `npm run build` made: the files that a release tag carries. */
export const DIST = join(ROOT, 'dist');
export const CLI = join(DIST, 'cli.cjs');

/** What a run of the built command line printed. */
export interface CliResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

export interface CliOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
}

/** What every started program has. The cache is one for all tests of a run, and goes with it. */
export const ENVIRONMENT = {
  PATH: process.env['PATH'] ?? '',
  XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'] ?? '',
  GIT_CONFIG_GLOBAL: '/dev/null',
};

/** Runs the built `dist/cli.cjs` as a user would. */
export function runBowerbird(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const env = { ...ENVIRONMENT, HOME: options.cwd, ...options.env };
    const child = spawn(process.execPath, [CLI, ...args], { cwd: options.cwd, env });
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (part: Buffer) => stdout.push(part));
    child.stderr.on('data', (part: Buffer) => stderr.push(part));
    child.on('error', reject);
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    child.on('close', (code) => {
      resolve({ stdout: Buffer.concat(stdout).toString('utf8'), stderr: Buffer.concat(stderr).toString('utf8'), code });
    });
  });
}

/** Makes a folder with files; the returned function removes it. */
export async function makeFolder(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'bowerbird-cli-'));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** A GitHub token with a right checksum that was never live, made at run time. */
export function sampleToken(seed: string): string {
  return expandTemplate('ghp_{github-crc:36}', `test/${seed}`);
}
