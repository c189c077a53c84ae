import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLI, sampleToken } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';
import { temporaryFolder } from '../collectors/shared-git.ts';
import { itRarely } from '../it-rarely.ts';
import { refusedRights } from './as-nobody.ts';
import { git, makeGitBomb } from './make-git-bomb.ts';

interface JsonReport {
  readonly findings: readonly object[];
  readonly coverage: readonly { readonly gaps: readonly { readonly reason: string; readonly scope?: boolean }[] }[];
}

const gapsOf = ({ coverage }: JsonReport) => coverage.flatMap(({ gaps }) => gaps);

describe('a few trees that describe billions of files', () => {
  async function expectGap(...args: readonly string[]): Promise<void> {
    const { stdout, code } = await runBowerbird(['scan', ...args, '--json'], { cwd: makeGitBomb(10) });
    const report = JSON.parse(stdout) as JsonReport;
    expect(gapsOf(report)).toContainEqual(expect.objectContaining({ reason: 'limit', scope: true }));
    expect(code).toBe(3);
  }

  it('end as a gap of the whole scope: --staged', () => expectGap('--staged'));
  itRarely('end as a gap of the whole scope: --range', () => expectGap('--range', 'HEAD~1...HEAD'));
});

describe('objects that the system does not open', () => {
  it('are gaps, and the rest is read', (context) => {
    const folder = temporaryFolder();
    git(folder, ['init', '-q']);
    for (const name of ['one', 'two', 'three', 'four']) {
      writeFileSync(join(folder, `${name}.env`), `TOKEN=${sampleToken(name)}\n`);
    }
    git(folder, ['add', '-A']);
    git(folder, ['commit', '-qm', 'first']);
    const oid = git(folder, ['rev-parse', 'HEAD:one.env']);
    const rights = refusedRights(context, folder);
    chmodSync(join(folder, '.git', 'objects', oid.slice(0, 2)), 0);
    const env = { PATH: process.env['PATH'] ?? '', HOME: folder, GIT_CONFIG_GLOBAL: '/dev/null' };
    const result = spawnSync(process.execPath, [CLI, 'scan', 'git:.', '--json'], { cwd: folder, env, ...rights });
    chmodSync(join(folder, '.git', 'objects', oid.slice(0, 2)), 0o755);
    expect(result.stderr.toString('utf8')).not.toContain('bug');
    const report = JSON.parse(result.stdout.toString('utf8')) as JsonReport;
    expect(report.findings.length).toBeGreaterThanOrEqual(2);
    expect(gapsOf(report).length).toBeGreaterThan(0);
    expect(result.status).toBe(1);
  });

  itRarely.for(['objects/pack', 'objects'])(
    '%s: the tree beside the history is read all the same',
    (closed, context) => {
      const folder = temporaryFolder();
      git(folder, ['init', '-q']);
      writeFileSync(join(folder, 'one.env'), `TOKEN=${sampleToken('one')}\n`);
      git(folder, ['add', '-A']);
      git(folder, ['commit', '-qm', 'first']);
      git(folder, ['repack', '-adq']);
      const rights = refusedRights(context, folder);
      chmodSync(join(folder, '.git', closed), 0);
      const env = { PATH: process.env['PATH'] ?? '', HOME: folder, GIT_CONFIG_GLOBAL: '/dev/null' };
      const args = [CLI, 'scan', '.', 'git:.', '--json', '--require-coverage'];
      const result = spawnSync(process.execPath, args, { cwd: folder, env, ...rights });
      chmodSync(join(folder, '.git', closed), 0o755);
      const report = JSON.parse(result.stdout.toString('utf8')) as JsonReport;
      expect(report.findings).toHaveLength(1);
      expect(gapsOf(report).length).toBeGreaterThan(0);
      expect(result.status).toBe(3);
    },
  );
});
