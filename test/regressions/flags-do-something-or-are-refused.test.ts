import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sampleToken } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';
import { temporaryFolder } from '../collectors/shared-git.ts';

const ME = ['-c', 'user.name=n', '-c', 'user.email=n@example.com'];

function git(cwd: string, ...args: string[]): void {
  execFileSync('git', [...ME, ...args], { cwd, stdio: 'pipe' });
}

function commit(folder: string, text: string): void {
  writeFileSync(join(folder, 'app.env'), text);
  git(folder, 'add', '-A');
  git(folder, 'commit', '-qm', 'change');
}

/** A token that came with the first commit, and one that the second commit put below it. */
function makeRepository(): string {
  const folder = temporaryFolder();
  git(folder, 'init', '-q');
  const first = `FIRST=${sampleToken('first')}\n`;
  commit(folder, first);
  commit(folder, `${first}SECOND=${sampleToken('second')}\n`);
  return folder;
}

async function scan(cwd: string, ...args: string[]) {
  const { stdout, stderr, code } = await runBowerbird(['scan', ...args, '--json'], { cwd });
  return { code, stderr, findings: stdout === '' ? [] : (JSON.parse(stdout) as { findings: object[] }).findings };
}

describe('flags that speak of changes and histories', () => {
  it('--full-blobs reads whole files of ranges and staged changes', async () => {
    const folder = makeRepository();
    expect((await scan(folder, '--range', 'HEAD~1...HEAD')).findings).toHaveLength(1);
    expect((await scan(folder, '--range', 'HEAD~1...HEAD', '--full-blobs')).findings).toHaveLength(2);
    git(folder, 'reset', '-q', '--soft', 'HEAD~1');
    expect((await scan(folder, '--staged')).findings).toHaveLength(1);
    expect((await scan(folder, '--staged', '--full-blobs')).findings).toHaveLength(2);
  });

  it('--deepen fetches the older commits of a shallow clone for git:', async () => {
    const folder = makeRepository();
    commit(folder, 'nothing\n');
    const parent = temporaryFolder();
    git(parent, 'clone', '-q', '--depth=1', `file://${folder}`, 'shallow');
    const clone = join(parent, 'shallow');
    expect(await scan(clone, 'git:.')).toMatchObject({ code: 3, findings: [] });
    expect(await scan(clone, 'git:.', '--deepen')).toMatchObject({ code: 1, findings: [{}, {}] });
  });

  it.each([
    ['--deepen', ['.', '--deepen'], /--deepen .*git:\./],
    ['--deepen', ['--staged', '--deepen'], /--deepen .*git:\./],
    ['--full-blobs', ['.', '--full-blobs'], /--full-blobs .*git:\./],
    ['--reader', ['.', '--reader', 'cat-file'], /--reader .*git:\./],
  ])('%s is refused where it would do nothing: %j', async (_, args, message) => {
    const { code, stderr } = await scan(temporaryFolder(), ...args);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) });
  });
});
