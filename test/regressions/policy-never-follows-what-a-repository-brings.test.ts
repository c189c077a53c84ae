import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLI, type CliResult, makeFolder } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';

const POLICY = [
  '.bowerbird.yaml',
  '.bowerbirdignore',
  '.bowerbird-baseline',
  '.gitleaks.toml',
  '.gitleaksignore',
  '.secrets.baseline',
  '.bowerbird/rules/a.yaml',
];

async function withFolder<T>(files: Readonly<Record<string, string>>, use: (folder: string) => Promise<T>): Promise<T> {
  const { folder, remove } = await makeFolder(files);
  return use(folder).finally(remove);
}

/** Scans a folder that holds `files` besides what `prepare` makes. */
function scanWith(prepare: (folder: string) => void, args: readonly string[] = ['scan', '.']): Promise<CliResult> {
  return withFolder({ 'a.txt': 'nothing here\n' }, async (folder) => {
    prepare(folder);
    return runBowerbird(args, { cwd: folder });
  });
}

function linkAt(path: string, target: string): (folder: string) => void {
  return (folder) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(target, join(folder, path));
  };
}

describe('policy files of a repository', () => {
  it.each(POLICY)('refuses %s where it is a link to a device without end', async (path) => {
    const result = await scanWith(linkAt(path, '/dev/zero'));
    expect(result.stderr).toContain(`${path}: is a symbolic link or lies behind one.`);
    expect(result.code).toBe(2);
  });

  it.each(POLICY)('refuses %s where it is a pipe', async (path) => {
    const result = await scanWith((folder) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      execFileSync('mkfifo', [join(folder, path)]);
    });
    expect(result.stderr).toContain(`${path}: is not a regular file (special-file).`);
    expect(result.code).toBe(2);
  });

  it('refuses rules behind a linked folder, instead of leaving them out', async () => {
    const result = await scanWith(linkAt('.bowerbird', '/etc'));
    expect(result.stderr).toContain('.bowerbird/rules: is a symbolic link or lies behind one.');
    expect(result.code).toBe(2);
  });

  it.each([
    ['an absolute folder', '.bowerbird.yaml', 'rules: { folders: [/etc] }\n', '/etc: lies outside'],
    ['a folder above', '.bowerbird.yaml', 'rules: { folders: [../..] }\n', '../..: lies outside'],
    ['an absolute extend.path', '.gitleaks.toml', '[extend]\npath = "/etc/passwd"\n', '/etc/passwd: lies outside'],
    ['an extend.path above', '.gitleaks.toml', '[extend]\npath = "a/../../x"\n', 'a/../../x: lies outside'],
  ])('reads nothing outside of the repository: %s', async (_what, file, text, message) => {
    const result = await scanWith((folder) => writeFileSync(join(folder, file), text));
    expect(result.stderr).toContain(message);
    expect(result.stderr).not.toMatch(/root:|daemon/);
    expect(result.code).toBe(2);
  });

  it('lets the user name files anywhere, also through a link and a pipe', async () => {
    await withFolder({ 'outside/c.yaml': 'exclude: ["*.md"]\n', 'inside/a.txt': 'x\n' }, async (folder) => {
      symlinkSync('c.yaml', join(folder, 'outside', 'link.yaml'));
      const cwd = join(folder, 'inside');
      const linked = await runBowerbird(['scan', '.', '--config', '../outside/link.yaml'], { cwd });
      expect(linked).toMatchObject({ code: 0 });
      const script = `"${process.execPath}" "${CLI}" scan . --config <(echo 'fail-on: never-heard-of')`;
      const piped = spawnSync('bash', ['-c', script], { cwd, encoding: 'utf8' });
      expect(piped.stderr).toContain('fail-on: must be equal to one of the allowed values');
    });
  });

  it('refuses a link in the commit that --policy-ref names', async () => {
    const result = await scanWith(
      (folder) => {
        symlinkSync('/etc/passwd', join(folder, '.bowerbirdignore'));
        const git = (...args: string[]): unknown => execFileSync('git', ['-C', folder, ...args], { stdio: 'ignore' });
        git('init', '-q');
        git('add', '-A');
        git('-c', 'user.name=a', '-c', 'user.email=a@example.org', 'commit', '-q', '-m', 'a');
      },
      ['scan', '.', '--policy-ref', 'HEAD'],
    );
    expect(result.stderr).toContain('HEAD:.bowerbirdignore: is a symbolic link');
    expect(result.code).toBe(2);
  });
});
