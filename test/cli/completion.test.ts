import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type Completion, complete } from '../../src/cli/completion/complete.ts';
import { flagsOf, spellingsOf } from '../../src/flags/names.ts';
import { SHELLS } from '../../src/flags/verbs.ts';
import { CLI, makeFolder, runBowerbird } from './run-bowerbird.ts';

const VOCABULARY = {
  formats: ['csv', 'json'],
  schemes: ['dump', 'git'],
  collectors: ['git', 'terraform'],
  rules: async () => ({ rules: ['aws-key', 'github-token'], packs: ['default', 'hook'] }),
};

const completionOf = (line: string): Promise<Completion> => complete(line.split(' '), VOCABULARY);
const wordsAfter = async (line: string): Promise<readonly string[]> => (await completionOf(line)).words;

describe('what could come next', () => {
  it('is a command, or one of a group', async () => {
    expect(await wordsAfter('')).toEqual(expect.arrayContaining(['scan', 'rules', 'hook', 'completion', '--help']));
    expect(await wordsAfter('in')).toEqual(['inventory']);
    expect(await wordsAfter('hook ')).toEqual(['install', 'uninstall', 'status', 'run', '--help']);
    expect(await wordsAfter('hook run pre-')).toEqual(['pre-commit', 'pre-push']);
  });

  it('is every flag of the command, but the hidden ones', async () => {
    const flags = flagsOf('scan').filter(({ hidden }) => hidden !== true);
    expect(await wordsAfter('scan . -')).toEqual([...flags.flatMap(spellingsOf), '--help']);
    expect(await wordsAfter('rules show --')).toEqual(['--json', '--help']);
  });

  it('is a value of the flag before it, also behind "="', async () => {
    expect(await wordsAfter('scan --fail-on ')).toEqual(['low', 'medium', 'high', 'critical']);
    expect(await wordsAfter('scan --fail-on=h')).toEqual(['--fail-on=high']);
    expect(await wordsAfter('scan --report j')).toEqual(['json', 'json=']);
    expect(await wordsAfter('scan --only aws')).toEqual(['aws-key']);
    expect(await wordsAfter('scan --pack h')).toEqual(['hook']);
    expect(await completionOf('scan --baseline ')).toEqual({ words: [], paths: 'files' });
    expect(await completionOf('scan --rules ')).toEqual({ words: [], paths: 'folders' });
  });

  it('is a target, a collector, a rule, a shell, as the command takes them', async () => {
    expect(await completionOf('scan --staged ')).toEqual({ words: ['dump:', 'git:'], paths: 'files' });
    expect(await completionOf('scan . --fail-on low g')).toEqual({ words: ['git:'], paths: 'files' });
    expect(await wordsAfter('doctor te')).toEqual(['terraform']);
    expect(await wordsAfter('rules show git')).toEqual(['github-token']);
    expect(await wordsAfter('completion ')).toEqual([...SHELLS]);
  });

  it('is nothing where nothing is known', async () => {
    for (const line of ['scam ', 'rules lost ', 'ignore ', 'rules show aws-key ', 'hook status x']) {
      expect(await completionOf(line), line).toEqual({ words: [], paths: 'none' });
    }
  });
});

describe('a shell', () => {
  it.each(SHELLS)('gets a script that asks the built command line: %s', async (shell) => {
    const { stdout, code } = await runBowerbird(['completion', shell], { cwd: '/' });
    expect(code).toBe(0);
    expect(stdout).toContain(`completion ${shell} --`);
    const asked = await runBowerbird(['completion', shell, '--', 'scan', '--pack', ''], { cwd: '/' });
    expect(asked.stdout.split('\n')).toEqual(expect.arrayContaining(['default', 'hook']));
  });

  const bash = spawnSync('bash', ['--version']).status === 0;
  it.skipIf(!bash)('bash completes commands, values behind "=" and targets behind ":"', async () => {
    const { folder, remove } = await makeFolder({ 'notes.txt': '', 'nets/a': '' });
    const ask = (line: string): string[] => {
      const script = `bowerbird() { '${process.execPath}' '${CLI}' "$@"; }
source <(bowerbird completion bash); COMP_LINE=$1; COMP_POINT=\${#1}; _bowerbird; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const env = { PATH: process.env['PATH'] ?? '', HOME: folder };
      const { stdout } = spawnSync('bash', ['-c', script, 'bash', line], { cwd: folder, env, encoding: 'utf8' });
      return stdout.trim().split('\n');
    };
    expect(ask('bowerbird inv')).toEqual(['inventory']);
    expect(ask('bowerbird scan --fail-on=cr')).toEqual(['critical']);
    expect(ask('bowerbird scan --report sar')).toEqual(['sarif', 'sarif=']);
    expect(ask('bowerbird scan --baseline n').sort()).toEqual(['nets', 'notes.txt']);
    expect(ask('bowerbird scan git')).toEqual(['git:', 'github:']);
    expect(ask('bowerbird rules show github-app-u')).not.toEqual(['']);
    await remove();
  });

  it('is told what a wrong one is', async () => {
    const { code, stderr } = await runBowerbird(['completion', 'bahs'], { cwd: '/' });
    expect(code).toBe(2);
    expect(stderr).toBe(
      'bowerbird: The shell is "bahs" (did you mean "bash"?). Write one of: bash, zsh, fish, powershell.\n',
    );
  });
});
