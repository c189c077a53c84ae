import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type CliIo, wantsColor } from '../../src/cli/io.ts';
import { CLI, makeFolder, sampleToken } from './run-bowerbird.ts';
import { runBowerbird } from './run-either.ts';

let remove = async (): Promise<void> => undefined;

afterEach(() => remove());

async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const made = await makeFolder(files);
  remove = made.remove;
  return made.folder;
}

describe('a pipe that closes early', () => {
  it('changes neither the exit code nor the reports that go to files', async () => {
    const lines = Array.from({ length: 400 }, (_, index) => `k${index}=${sampleToken(`pipe${index}`)}`);
    const cwd = await folderOf({ 'a.env': lines.join('\n') });
    const child = spawn(
      process.execPath,
      [CLI, 'scan', '.', '--verbose', '--report', 'human', '--report', 'json=out.json'],
      { cwd },
    );
    child.stdout.destroy();
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(1);
    const report = JSON.parse(await readFile(join(cwd, 'out.json'), 'utf8')) as { findings: unknown[] };
    expect(report.findings).toHaveLength(400);
  });
});

describe('reports to files', () => {
  it('are refused before the scan where the folder is not there', async () => {
    const cwd = await folderOf({ 'a.txt': 'x' });
    const { code, stdout, stderr } = await runBowerbird(['scan', '.', '--report', 'sarif=no/x.sarif'], { cwd });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('no/x.sarif cannot be written (ENOENT)');
  });
});

describe('wantsColor', () => {
  it('takes an empty variable for an absent one', () => {
    const io = (env: Record<string, string>): CliIo => ({ env, stdoutIsTerminal: false }) as unknown as CliIo;
    expect(wantsColor(undefined, io({ FORCE_COLOR: '' }))).toBe(false);
    expect(wantsColor(undefined, io({ FORCE_COLOR: '1' }))).toBe(true);
    expect(wantsColor(undefined, io({ FORCE_COLOR: '1', NO_COLOR: '1' }))).toBe(false);
    expect(wantsColor(undefined, io({ FORCE_COLOR: '1', NO_COLOR: '' }))).toBe(true);
  });
});
