import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { itRarely } from '../it-rarely.ts';
import { makeFolder, sampleToken } from './run-bowerbird.ts';
import { runBowerbird } from './run-either.ts';

const CLEAN = { 'README.md': '# nothing here\n' };
const removals: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const remove of removals.splice(0)) await remove();
});

async function folderWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const { folder, remove } = await makeFolder(files);
  removals.push(remove);
  return folder;
}

function git(cwd: string, ...args: string[]): string {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: cwd,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@example.test',
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@example.test',
  };
  return execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

describe('configuration of the user', () => {
  it.each([
    ['.bowerbird.yaml', 'fail-on: extreme\n', /\.bowerbird\.yaml:1:\d+: fail-on/],
    ['.bowerbird.yaml', 'allow: [\n', /\.bowerbird\.yaml:\d+:\d+: /],
    ['.bowerbirdignore', 'src/a.ts:3\n', /\.bowerbirdignore:1: not an entry/],
    [
      '.bowerbird/rules/mine.yaml',
      'provider: mine\nname: Mine\nrules:\n  - id: mine-key\n    pattern: "(?<secret>[a"\n',
      /mine\.yaml:\d+:\d+: /,
    ],
    ['.gitleaks.toml', '[[rules]]\nid = "x"\nregex = "("\n', /\.gitleaks\.toml/],
    ['.secrets.baseline', '{', /\.secrets\.baseline: not a detect-secrets baseline/],
  ])('a broken %s is exit 2 with file and line', async (name, text, message) => {
    const { code, stderr } = await runBowerbird(['scan', '.'], { cwd: await folderWith({ ...CLEAN, [name]: text }) });
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });

  it('an expired entry accepts nothing, and is named', async () => {
    const token = sampleToken('expired');
    const cwd = await folderWith({ 'a.env': `T=${token}\n` });
    const { stdout } = await runBowerbird(['scan', '.', '--json'], { cwd });
    const id = (JSON.parse(stdout) as { findings: { id: string }[] }).findings[0]?.id ?? '';
    writeFileSync(join(cwd, '.bowerbirdignore'), `${id} reason="old" expires=2020-01-01\n`);
    const after = await runBowerbird(['scan', '.'], { cwd });
    expect(after.code).toBe(1);
    expect(after.stdout).toMatch(/expired/);
    expect(after.stdout + after.stderr).not.toContain(token);
  });
});

describe('what cannot be read is said, never called clean', () => {
  const verdict = async (files: Readonly<Record<string, string | Uint8Array>>, args: string[] = ['scan', '.']) => {
    const cwd = await folderWith(files);
    return runBowerbird(args, { cwd });
  };

  it('an empty folder', async () => {
    const { code, stdout } = await verdict({});
    expect({ code, clean: /clean:/i.test(stdout) }).toEqual({ code: 3, clean: false });
    expect(stdout).toMatch(/no files to scan/);
  });

  it.each([['git:.'], ['staged:'], ['range:main...HEAD']])('%s outside a repository', async (target) => {
    const { code, stdout } = await verdict(CLEAN, ['scan', target]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/not\s(?:in\s)?a\sgit\s+(?:repository|work\stree)|no\sgit\srepository/i);
  });

  it('empty standard input', async () => {
    const cwd = await folderWith(CLEAN);
    const { code, stdout } = await runBowerbird(['scan', '-'], { cwd });
    expect(code).toBe(3);
    expect(stdout).toMatch(/standard input is empty/);
  });

  it('a truncated archive and a zip bomb', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000));
    const { code, stdout } = await verdict({
      ...CLEAN,
      'cut.gz': gzipSync('x'.repeat(9000)).subarray(0, 30),
      'bomb.gz': bomb,
    });
    expect(code).toBe(3);
    expect(stdout).toMatch(/cut\.gz: the gzip data is damaged or cut off/);
    expect(stdout).toMatch(/bomb\.gz: unpacks to more than/);
  });

  itRarely('a file of two gigabytes', async () => {
    const cwd = await folderWith(CLEAN);
    writeFileSync(join(cwd, 'big.log'), '');
    truncateSync(join(cwd, 'big.log'), 2 ** 31 + 1);
    const { code, stdout } = await runBowerbird(['scan', '.'], { cwd });
    expect(code).toBe(3);
    expect(stdout).toMatch(/big\.log has 2147483649 bytes.*--max-file-size/s);
    expect((await runBowerbird(['scan', '.', '--allow-gaps', '1'], { cwd })).code).toBe(0);
    expect((await runBowerbird(['scan', '.', '--allow-gaps', '1', '--require-coverage'], { cwd })).code).toBe(3);
  });

  it.skipIf(process.getuid?.() === 0)('a file without read permission', async () => {
    const cwd = await folderWith({ ...CLEAN, 'locked.txt': 'x' });
    chmodSync(join(cwd, 'locked.txt'), 0);
    const { code, stdout } = await runBowerbird(['scan', '.'], { cwd });
    expect(code).toBe(3);
    expect(stdout).toMatch(/locked\.txt cannot be read \(EACCES\)/);
  });

  it('a circular symlink is left out, an address that is one is refused', async () => {
    const cwd = await folderWith(CLEAN);
    symlinkSync('loop', join(cwd, 'loop'));
    symlinkSync('.', join(cwd, 'again'));
    expect((await runBowerbird(['scan', '.'], { cwd })).code).toBe(0);
    const { code, stderr } = await runBowerbird(['scan', 'loop'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(/circular symbolic link/);
  });

  it('invalid UTF-8 is scanned, and places are right', async () => {
    const token = sampleToken('utf8');
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe, 0x41, 0x20]), Buffer.from(`\nkey = "${token}" \u00e9\n`)]);
    const cwd = await folderWith({ 'odd.txt': Buffer.concat([Buffer.from([0x80, 0x81]), bytes]) });
    const { stdout, code } = await runBowerbird(['scan', '.', '--json'], { cwd });
    const [finding] = (
      JSON.parse(stdout) as { findings: { locations: { startLine: number; startColumn: number }[] }[] }
    ).findings;
    expect(code).toBe(1);
    expect(finding?.locations[0]).toMatchObject({ startLine: 2, startColumn: 8 });
  });

  it('malformed Terraform and a YAML alias bomb', async () => {
    const levels = Array.from({ length: 9 }, (_, n) => `l${n + 1}: &l${n + 1} [${`*l${n},`.repeat(9)}]`).join('\n');
    const { code, stdout } = await verdict({
      'main.tf': 'resource "aws_iam_user" "x" {\n  name = \n',
      'k8s.yaml': `apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nl0: &l0 [x]\n${levels}\n`,
    });
    expect(code).toBe(3);
    expect(stdout).toMatch(/main\.tf/);
    expect(stdout).toMatch(/k8s\.yaml:.*alias/i);
  });

  itRarely('a corrupt pack', async () => {
    const cwd = await folderWith({ 'a.txt': 'text\n'.repeat(500) });
    git(cwd, 'init', '-q');
    git(cwd, 'add', '-A');
    git(cwd, 'commit', '-qm', 'one');
    git(cwd, 'gc', '-q');
    const pack =
      git(cwd, 'ls-files').trim() && execFileSync('ls', [join(cwd, '.git/objects/pack')], { encoding: 'utf8' });
    const name = pack.split('\n').find((file) => file.endsWith('.pack')) ?? '';
    const path = join(cwd, '.git/objects/pack', name);
    chmodSync(path, 0o644);
    truncateSync(path, 60);
    const { code, stdout, stderr } = await runBowerbird(['scan', 'git:.'], { cwd });
    expect({ code, bug: /this is a bug/.test(stderr), clean: /^clean/im.test(stdout) }).toEqual({
      code: 3,
      bug: false,
      clean: false,
    });
  });

  it('a shallow clone', async () => {
    const cwd = await folderWith({});
    mkdirSync(join(cwd, 'origin'));
    for (const step of [1, 2]) {
      writeFileSync(join(cwd, 'origin', 'a.txt'), `${step}\n`);
      if (step === 1) git(join(cwd, 'origin'), 'init', '-q', '-b', 'main');
      git(join(cwd, 'origin'), 'add', '-A');
      git(join(cwd, 'origin'), 'commit', '-qm', String(step));
    }
    git(cwd, 'clone', '-q', '--depth', '1', `file://${join(cwd, 'origin')}`, 'copy');
    const { code, stdout } = await runBowerbird(['scan', 'git:copy'], { cwd });
    expect(code).toBe(3);
    expect(stdout).toMatch(/shallow/i);
  });

  itRarely('an empty range', async () => {
    const cwd = await folderWith(CLEAN);
    git(cwd, 'init', '-q');
    git(cwd, 'add', '-A');
    git(cwd, 'commit', '-qm', 'one');
    expect((await runBowerbird(['scan', '--range', 'HEAD...HEAD'], { cwd })).code).toBe(3);
    const wrong = await runBowerbird(['scan', '--range', 'nope...HEAD'], { cwd });
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/nope/);
  });
});

describe('a hostile repository', () => {
  it('runs nothing of its own configuration', async () => {
    const cwd = await folderWith({ 'a.txt': 'one\n', '.gitattributes': '*.txt diff=evil filter=evil\n' });
    const marker = join(cwd, 'marker');
    git(cwd, 'init', '-q');
    git(cwd, 'add', '-A');
    git(cwd, 'commit', '-qm', 'one');
    const program = `touch ${marker}`;
    for (const key of [
      'core.fsmonitor',
      'diff.evil.textconv',
      'diff.external',
      'filter.evil.clean',
      'filter.evil.smudge',
      'core.sshCommand',
      'core.pager',
    ]) {
      git(cwd, 'config', key, program);
    }
    writeFileSync(join(cwd, 'a.txt'), 'two\n');
    for (const args of [
      ['scan', '.'],
      ['scan', 'git:.'],
      ['scan', '--staged'],
      ['scan', '--range', 'HEAD'],
    ]) {
      await runBowerbird(args, { cwd });
    }
    expect(() => execFileSync('ls', [marker], { stdio: 'ignore' })).toThrow();
  });
});

describe('an API that does not answer as it should', () => {
  it.each([
    ['401', 401, '{"message":"Bad credentials"}', 'application/json'],
    ['403', 403, '{"message":"Resource not accessible"}', 'application/json'],
    ['404', 404, '{"message":"Not Found"}', 'application/json'],
    ['HTML', 200, '<html>hello</html>', 'text/html'],
  ])('%s is a gap and exit 3', async (_, status, body, type) => {
    const server = createServer((_request, response) => {
      response.writeHead(status, { 'content-type': type });
      response.end(body);
    });
    await new Promise<void>((done) => {
      server.listen(0, '127.0.0.1', done);
    });
    const { port } = server.address() as AddressInfo;
    const env = { GITHUB_TOKEN: 'not-a-token', GITHUB_API_URL: `http://127.0.0.1:${port}` };
    const { code, stdout, stderr } = await runBowerbird(['scan', 'github:acme'], { cwd: await folderWith(CLEAN), env });
    server.close();
    expect({ code, bug: /this is a bug/.test(stderr) }).toEqual({ code: 3, bug: false });
    expect(stdout).not.toMatch(/^clean/im);
    expect(stdout + stderr).not.toContain('not-a-token');
  });
});
