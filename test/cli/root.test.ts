import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { itRarely } from '../it-rarely.ts';
import { makeFolder, sampleToken } from './run-bowerbird.ts';
import { runBowerbird } from './run-either.ts';

const TOKEN = sampleToken('root');
let folder = '';
let remove = async (): Promise<void> => undefined;

beforeEach(async () => {
  ({ folder, remove } = await makeFolder({
    'repo/src/app.env': `GITHUB_TOKEN=${TOKEN}\n`,
    'repo/other/x.txt': '',
    'elsewhere/x.txt': '',
  }));
  execFileSync('git', ['init', '-q', join(folder, 'repo')]);
});

afterEach(() => remove());

async function code(cwd: string, ...args: string[]): Promise<number | null> {
  return (await runBowerbird(args, { cwd: join(folder, cwd) })).code;
}

async function openId(cwd: string, target: string): Promise<string> {
  const { stdout } = await runBowerbird(['scan', target, '--json'], { cwd: join(folder, cwd) });
  const report = JSON.parse(stdout) as { findings: { id: string }[] };
  return report.findings[0]?.id ?? '';
}

describe('policy of a repository', () => {
  it('applies from a subfolder and from outside', async () => {
    const config = join(folder, 'repo', '.bowerbird.yaml');
    expect(await code('repo/src', 'scan', '.')).toBe(1);
    await writeFile(config, 'fail-on: critical\n');
    expect(await code('repo/src', 'scan', '.')).toBe(0);
    expect(await code('elsewhere', 'scan', '../repo')).toBe(0);
    expect(await code('elsewhere', 'scan', '../repo', '--no-config')).toBe(1);
  });

  itRarely('is not that of the folder one happens to stand in', async () => {
    await writeFile(join(folder, 'elsewhere', '.bowerbird.yaml'), 'fail-on: critical\n');
    expect(await code('elsewhere', 'scan', '../repo')).toBe(1);
  });

  itRarely('is written to the top by ignore and baseline, wherever they are called', async () => {
    const id = await openId('repo/src', '.');
    expect(await code('repo/src', 'ignore', id, '--reason', 'a test')).toBe(0);
    expect(existsSync(join(folder, 'repo', '.bowerbirdignore'))).toBe(true);
    expect(await code('repo', 'scan', '.')).toBe(0);
    await rm(join(folder, 'repo', '.bowerbirdignore'));
    expect(await code('repo/src', 'baseline', '.')).toBe(0);
    expect(existsSync(join(folder, 'repo', '.bowerbird-baseline'))).toBe(true);
    expect(await code('repo/other', 'scan', '..')).toBe(0);
  });

  itRarely('reads files that flags name relative to the working directory, also absolute ones', async () => {
    await writeFile(join(folder, 'elsewhere', 'c.yaml'), 'fail-on: critical\n');
    expect(await code('elsewhere', 'scan', '../repo', '--config', 'c.yaml')).toBe(0);
    expect(await code('repo/src', 'scan', '.', '--config', join(folder, 'elsewhere', 'c.yaml'))).toBe(0);
    expect(await code('repo/src', 'scan', '.', '--config', 'c.yaml')).toBe(2);
  });

  it('says what is wrong with a policy commit where there is no repository', async () => {
    const { code: exit, stderr } = await runBowerbird(['scan', '.', '--policy-ref', 'main'], {
      cwd: join(folder, 'elsewhere'),
    });
    expect(exit).toBe(2);
    expect(stderr).toContain('--policy-ref main: this is not a git repository');
  });

  itRarely('takes rule files of the same name from every folder, and refuses a folder without rules', async () => {
    const rule = (id: string): string => `
provider: ${id}
name: ${id}
remediation: Revoke it.
rules:
  - id: ${id}-key
    title: Key of ${id}
    pattern: (?<![0-9a-z_])(?<secret>${id}_[0-9a-f]{32})(?![0-9a-z_])
    confidence: high
    severity: high
    credential: {type: api_key, lifetime: unknown, environment: live}
    examples: {match: ['${id}_{hex:32}'], no-match: ['${id}_{hex:31}']}
`;
    await writeFile(join(folder, 'repo', '.bowerbird.yaml'), 'rules: {folders: [a, b]}\n');
    for (const [at, id] of [
      ['a', 'acmeone'],
      ['b', 'acmetwo'],
    ] as const) {
      await mkdir(join(folder, 'repo', at));
      await writeFile(join(folder, 'repo', at, `${id}.yaml`), rule(id));
    }
    await writeFile(
      join(folder, 'repo', 'x.txt'),
      ['acmeone', 'acmetwo'].map((id) => `${id}_${'0f3a9c51'.repeat(4)}`).join('\n'),
    );
    const { stdout } = await runBowerbird(['scan', 'x.txt', '--json'], { cwd: join(folder, 'repo') });
    expect(stdout).toContain('acmeone-key');
    expect(stdout).toContain('acmetwo-key');
    await rm(join(folder, 'repo', 'b'), { recursive: true });
    expect(await code('repo', 'scan', '.')).toBe(2);
  });
});

describe('stale entries', () => {
  const ENTRY = 's-00000000000000000000 reason="about something else"\n';

  async function stale(cwd: string, ...args: string[]): Promise<number> {
    const { stdout } = await runBowerbird(['scan', ...args, '--json'], { cwd: join(folder, cwd) });
    return (JSON.parse(stdout) as { summary: { staleEntries: unknown[] } }).summary.staleEntries.length;
  }

  it('are named by scans that see everything, and by no other', async () => {
    await writeFile(join(folder, 'repo', '.bowerbirdignore'), ENTRY);
    await writeFile(join(folder, 'elsewhere', '.bowerbirdignore'), ENTRY);
    expect(await stale('repo', 'git:.')).toBe(1);
    expect(await stale('repo', '.')).toBe(0);
    expect(await stale('repo', 'git:.', '--only', 'github-pat-classic')).toBe(0);
    expect(await stale('elsewhere', '.')).toBe(1);
    expect(await stale('elsewhere', 'x.txt')).toBe(0);
  });
});
