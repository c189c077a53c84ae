import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { CLI, sampleToken } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';
import { temporaryFolder } from '../collectors/shared-git.ts';
import { itRarely } from '../it-rarely.ts';
import { refusedRights } from './as-nobody.ts';

let cwd = '';
beforeEach(() => {
  cwd = temporaryFolder();
});

function write(path: string, content: string): void {
  mkdirSync(dirname(join(cwd, path)), { recursive: true });
  writeFileSync(join(cwd, path), content);
}

function git(folder: string, ...args: string[]): void {
  const settings = ['-c', 'user.name=n', '-c', 'user.email=n@example.com', '-c', 'protocol.file.allow=always'];
  mkdirSync(join(cwd, folder), { recursive: true });
  execFileSync('git', [...settings, ...args], { cwd: join(cwd, folder), stdio: 'pipe' });
}

/** A repository with a token in one file, committed. */
function makeInner(folder: string, seed: string): void {
  git(folder, 'init', '-q');
  write(`${folder}/app.env`, `TOKEN=${sampleToken(seed)}\n`);
  git(folder, 'add', '-A');
  git(folder, 'commit', '-qm', 'first');
}

interface Result {
  readonly code: number | null;
  readonly places: readonly string[];
  readonly gaps: readonly string[];
  readonly scopes: readonly string[];
}

async function scan(...args: string[]): Promise<Result> {
  const { stdout, code } = await runBowerbird(['scan', ...args, '--json'], { cwd });
  const report = JSON.parse(stdout) as {
    findings: { locations: { path: string; repository?: string }[] }[];
    coverage: { scope: string; gaps: { subject: string; reason: string }[] }[];
  };
  return {
    code,
    places: report.findings.flatMap(({ locations }) =>
      locations.map(({ path, repository = '' }) => `${repository.replace(/~.*/, '')}:${path}`),
    ),
    gaps: report.coverage.flatMap(({ gaps }) => gaps.map(({ reason, subject }) => `${reason} ${subject}`)),
    scopes: report.coverage.map(({ scope }) => scope).filter((scope) => !/^configuration$|^declarations /.test(scope)),
  };
}

describe('a folder that git cannot open', () => {
  it('is a gap, also where it is not tracked', (context) => {
    git('.', 'init', '-q');
    write('a.txt', 'one\n');
    git('.', 'add', '-A');
    write('closed/app.env', `TOKEN=${sampleToken('closed')}\n`);
    const rights = refusedRights(context, cwd);
    chmodSync(join(cwd, 'closed'), 0o000);
    const env = { PATH: process.env['PATH'] ?? '', HOME: cwd, GIT_CONFIG_GLOBAL: '/dev/null' };
    const { status, stdout } = spawnSync(process.execPath, [CLI, 'scan', '.', '--json'], { cwd, env, ...rights });
    chmodSync(join(cwd, 'closed'), 0o755);
    const report = JSON.parse(stdout.toString('utf8')) as { coverage: { gaps: object[] }[] };
    expect(report.coverage.flatMap(({ gaps }) => gaps)).toMatchObject([{ reason: 'unreadable', subject: 'closed' }]);
    expect(status).toBe(3);
  });
});

itRarely('a folder that git cannot open is not lost among other complaints', (context) => {
  git('.', 'init', '-q');
  write('a.txt', 'one\n');
  git('.', 'add', '-A');
  // Git warns of each ignore file that is a link, and only so much of what it says is kept. It knows no order.
  write('first/closed/app.env', `TOKEN=${sampleToken('closed')}\n`);
  for (let count = 100; count < 220; count += 1) {
    const folder = `${'long'.repeat(25)}${count}`;
    write(`${folder}/a.txt`, 'one\n');
    symlinkSync('nowhere', join(cwd, `${folder}/.gitignore`));
  }
  write('last/closed/app.env', `TOKEN=${sampleToken('closed')}\n`);
  const rights = refusedRights(context, cwd);
  const closed = ['first/closed', 'last/closed'].map((path) => join(cwd, path));
  for (const path of closed) chmodSync(path, 0o000);
  const env = { PATH: process.env['PATH'] ?? '', HOME: cwd, GIT_CONFIG_GLOBAL: '/dev/null' };
  const { status, stdout } = spawnSync(process.execPath, [CLI, 'scan', '.', '--json'], { cwd, env, ...rights });
  for (const path of closed) chmodSync(path, 0o755);
  const report = JSON.parse(stdout.toString('utf8')) as { coverage: { gaps: { subject: string }[] }[] };
  expect(report.coverage.flatMap(({ gaps }) => gaps.map(({ subject }) => subject))).toContain('.');
  expect(status).toBe(3);
});

it('a list that git does not give is a gap, and what was listed is read', async () => {
  git('.', 'init', '-q');
  write('app.env', `TOKEN=${sampleToken('listed')}\n`);
  git('.', 'add', '-A');
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  write('.git/bin/git', `#!/bin/sh\ncase "$*" in *--others*) exit 1 ;; esac\nexec ${real} "$@"\n`);
  chmodSync(join(cwd, '.git/bin/git'), 0o755);
  const env = { PATH: `${join(cwd, '.git/bin')}:${process.env['PATH']}` };
  const { stdout } = await runBowerbird(['scan', '.', '--json'], { cwd, env });
  const report = JSON.parse(stdout) as { findings: object[]; coverage: { gaps: object[] }[] };
  expect(report.findings).toHaveLength(1);
  expect(report.coverage.flatMap(({ gaps }) => gaps)).toMatchObject([{ reason: 'unreadable', scope: true }]);
});

describe('a repository inside of the tree', () => {
  itRarely('that is no submodule is read as a repository of its own', async () => {
    git('.', 'init', '-q');
    write('a.txt', 'one\n');
    git('.', 'add', '-A');
    makeInner('tools/inner', 'nested');
    expect(await scan('.')).toEqual({
      code: 1,
      places: ['inner:app.env'],
      gaps: [],
      scopes: ['files', 'files tools/inner'],
    });
    expect(await scan('.', '--exclude', 'tools/**')).toMatchObject({ code: 0, places: [] });
    expect(await scan('.', '--exclude', 'tools/inner/app.env')).toMatchObject({ code: 0, places: [] });
  });

  itRarely('below a plain folder is in the ledger, minus what it ignores', async () => {
    write('notes.txt', 'plain\n');
    makeInner('b/inner', 'below');
    write('b/inner/.gitignore', '*.log\n');
    write('b/inner/x.log', `TOKEN=${sampleToken('ignored')}\n`);
    expect(await scan('.')).toMatchObject({ code: 1, places: ['inner:app.env'], scopes: ['files', 'files b/inner'] });
  });

  it('that git refuses is read as a plain folder', async () => {
    git('.', 'init', '-q');
    write('broken/.git', 'gitdir: /nowhere\n');
    write('broken/app.env', `TOKEN=${sampleToken('broken')}\n`);
    const { code, places } = await scan('.');
    expect(code).toBe(1);
    expect(places.map((place) => place.replace(/^[^:]*:/, ''))).toEqual(['broken/app.env']);
  });

  itRarely('that git refuses is read as a plain folder below a plain folder, too', async () => {
    write('a/broken/.git/config', 'no repository\n');
    write('a/broken/app.env', `TOKEN=${sampleToken('refused')}\n`);
    const { code, places, scopes } = await scan('a');
    expect({ code, places, scopes }).toEqual({ code: 1, places: ['a:broken/app.env'], scopes: ['files'] });
  });

  it('that is a submodule is read where it is checked out, else a gap', async () => {
    makeInner('origin', 'module');
    git('outer', 'init', '-q');
    git('outer', 'submodule', '--quiet', 'add', join(cwd, 'origin'), 'vendor/lib');
    git('outer', 'commit', '-qm', 'with a submodule');
    expect(await scan('outer')).toMatchObject({
      code: 1,
      places: ['origin:app.env'],
      gaps: [],
      scopes: ['files', 'files vendor/lib'],
    });
    git('.', 'clone', '-q', 'outer', 'fresh');
    expect(await scan('fresh')).toMatchObject({ code: 3, gaps: ['missing-object vendor/lib'] });
    expect(await scan('fresh', '--exclude', 'vendor/lib')).toMatchObject({ code: 0, gaps: [] });
  });

  itRarely('a file that became a folder is no submodule', async () => {
    git('.', 'init', '-q');
    write('thing', 'a file\n');
    git('.', 'add', '-A');
    rmSync(join(cwd, 'thing'));
    write('thing/app.env', `TOKEN=${sampleToken('became')}\n`);
    expect(await scan('.')).toMatchObject({ code: 1, gaps: [], scopes: ['files'] });
  });
});
