import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

const run = promisify(execFile);
const OUTPUT_LIMIT = 64 * 1024 * 1024;

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program in a plain environment: no configuration of npm or git from outside, a fixed author. */
export async function runCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: options.cwd,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Jordan Lee',
    GIT_AUTHOR_EMAIL: 'jordan@acme.example',
    GIT_COMMITTER_NAME: 'Jordan Lee',
    GIT_COMMITTER_EMAIL: 'jordan@acme.example',
    NO_COLOR: '1',
    ...options.env,
  };
  try {
    return { code: 0, ...(await run(file, args, { cwd: options.cwd, env, maxBuffer: OUTPUT_LIMIT })) };
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (typeof code !== 'number') throw error;
    return { code, stdout, stderr };
  }
}

/** As `runCommand`, for commands that must work: gives what was printed. */
export async function runOk(file: string, args: readonly string[], options: CommandOptions): Promise<string> {
  const { code, stdout, stderr } = await runCommand(file, args, options);
  if (code !== 0) throw new Error(`${file} ${args.join(' ')}: exit ${code}\n${stdout}\n${stderr}`);
  return stdout;
}

/** A repository of its own with the files of this working tree in one commit on main. */
export interface Clone {
  readonly folder: string;
  git(...args: string[]): Promise<string>;
  write(path: string, text: string): Promise<void>;
  remove(): Promise<void>;
}

/** Copies the working tree (without ignored files) to a temporary repository that shares the installed packages. */
export async function cloneWorkingTree(): Promise<Clone> {
  const folder = await mkdtemp(join(tmpdir(), 'bowerbird-clone-'));
  // Some tests scan as another user, who has to read the tool.
  await chmod(folder, 0o755);
  const listed = await runOk('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT });
  const paths = listed.split('\0').filter((path) => path !== '' && existsSync(join(ROOT, path)));
  for (const path of paths) await cp(join(ROOT, path), join(folder, path));
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const git = (...args: string[]): Promise<string> => runOk('git', args, { cwd: folder });
  await git('init', '--quiet', '--initial-branch', 'main');
  // The rule of .gitignore is for a folder; here it is a link.
  await writeFile(join(folder, '.git', 'info', 'exclude'), 'node_modules\n');
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'Working tree');
  return {
    folder,
    git,
    write: async (path, text) => {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
