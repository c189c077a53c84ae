import { dirname } from 'node:path';
import type { CliIo } from '../../src/cli/io.ts';
import { runCli } from '../../src/cli/run.ts';
import { CLI, type CliResult } from './run-bowerbird.ts';

/** Runs the function behind the built command line, with its rules, in this process. */
export async function runInProcess(
  args: readonly string[],
  parts: Partial<CliIo> & { cwd: string },
): Promise<CliResult> {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const io: CliIo = {
    env: { PATH: process.env['PATH'], HOME: parts.cwd, GIT_CONFIG_GLOBAL: '/dev/null' },
    stdin: (async function* () {})(),
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    width: 100,
    home: dirname(CLI),
    version: '0.0.0-test',
    now: () => new Date(),
    stdout: (text) => void stdout.push(text),
    stderr: (text) => void stderr.push(text),
    sleep: async () => {},
    ...parts,
  };
  const code = await runCli(args, io);
  return { code, stdout: stdout.join(''), stderr: stderr.join('') };
}
