import { spawnSync } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Completion, complete } from '../../src/cli/completion/complete.ts';
import { flagsOf, spellingsOf } from '../../src/flags/names.ts';
import { SHELLS } from '../../src/flags/verbs.ts';
import { inLane, itRarely } from '../it-rarely.ts';
import { CLI, makeFolder, runBowerbird } from './run-bowerbird.ts';

const VOCABULARY = {
  formats: ['csv', 'json'],
  schemes: ['dump', 'git'],
  collectors: ['git', 'terraform'],
  rules: async () => ({ rules: ['aws-key', 'github-token'], packs: ['default', 'hook'] }),
};

/** Each shell, and commands for it that print what it offers behind the text in `LINE`, one a line. */
const ASKS: Readonly<Record<(typeof SHELLS)[number], readonly [program: string, script: string]>> = {
  bash: [
    'bash',
    `source <(bowerbird completion bash); COMP_LINE=$LINE; COMP_POINT=\${#LINE}; _bowerbird
printf '%s\\n' "\${COMPREPLY[@]}"`,
  ],
  // A real editor in a terminal of its own. What completion hands to it is written to a file, and then it ends.
  zsh: [
    'zsh',
    `zmodload zsh/zpty; export OFFERED=$HOME/.offered; : > $OFFERED; zpty editor zsh -f -i
zpty -w editor "PROMPT=; unsetopt beep; autoload -Uz compinit; compinit -u -D; source <(bowerbird completion zsh)
compadd() { local -a words; builtin compadd -A words \\"\\$@\\"; print -rl -- \\$words >> \\$OFFERED; builtin compadd \\"\\$@\\" }
finish() { zle complete-word; exit }; zle -N finish; bindkey '^I' finish; print REA''DY"
zpty -r editor answer '*READY*'; zpty -w -n editor "$LINE"$'\\t'
while zpty -r editor answer; do :; done; cat $OFFERED`,
  ],
  fish: ['fish', 'bowerbird completion fish | source; complete -C "$LINE"'],
  powershell: [
    'pwsh',
    `bowerbird completion powershell | Out-String | Invoke-Expression
(TabExpansion2 -inputScript $env:LINE -cursorColumn $env:LINE.Length).CompletionMatches | ForEach-Object CompletionText`,
  ],
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
  async function expectScript(shell: string): Promise<void> {
    const { stdout, code } = await runBowerbird(['completion', shell], { cwd: '/' });
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`completion ${shell} '?--'? `));
    const typed = shell === 'powershell' ? '.' : '';
    const asked = await runBowerbird(['completion', shell, '--', 'scan', '--pack', typed], { cwd: '/' });
    expect(asked.stdout.split('\n')).toEqual(expect.arrayContaining(['default', 'hook']));
  }

  it.each(SHELLS.slice(0, 1))('gets a script that asks the built command line: %s', expectScript);
  itRarely.each(SHELLS.slice(1))('gets a script that asks the built command line: %s', expectScript);

  describe.each(SHELLS)('%s', (shell) => {
    const isThere = spawnSync(ASKS[shell][0], ['-c', 'exit']).status === 0;
    it.skipIf(!isThere)(
      `completes commands, values, targets and paths (skipped where there is no ${shell})`,
      async () => {
        const { folder, remove } = await makeFolder({
          'notes.txt': '',
          'nets/a': '',
          'bin/bowerbird': `#!/bin/sh\nexec '${process.execPath}' '${CLI}' "$@"\n`,
        });
        await chmod(join(folder, 'bin/bowerbird'), 0o755);
        const env = { PATH: `${folder}/bin:${process.env['PATH'] ?? ''}`, HOME: folder, TERM: 'dumb' };
        const ask = (line: string): string[] => {
          const [program, script] = ASKS[shell];
          // PowerShell passes no arguments to a text of commands, so the line comes by the environment.
          const asked = spawnSync(program, ['-c', script], {
            cwd: folder,
            env: { ...env, LINE: line },
            encoding: 'utf8',
          });
          return [...new Set(asked.stdout.split('\n').filter((word) => word !== ''))].map(
            (word) => word.split('\t')[0] ?? '',
          );
        };
        expect(ask('bowerbird inv')).toEqual(['inventory']);
        // Each question starts the shell and the command line.
        const askRarely = (line: string, answer: readonly string[]) => {
          if (inLane) expect(ask(line).sort()).toEqual(answer);
        };
        askRarely('bowerbird scan --fail-on=cr', [shell === 'bash' ? 'critical' : '--fail-on=critical']);
        askRarely('bowerbird scan --report sar', ['sarif', 'sarif=']);
        const paths = ask('bowerbird scan --baseline n').map((path) => path.replace(/^\.[/\\]|\/$/g, ''));
        expect(paths.sort()).toEqual(['nets', 'notes.txt']);
        askRarely('bowerbird scan git', ['git:', 'github:']);
        askRarely('bowerbird hook status x', []);
        await remove();
      },
    );
  });

  it('is told what a wrong one is', async () => {
    const { code, stderr } = await runBowerbird(['completion', 'bahs'], { cwd: '/' });
    expect(code).toBe(2);
    expect(stderr).toBe(
      'bowerbird: The shell is "bahs" (did you mean "bash"?). Write one of: bash, zsh, fish, powershell.\n',
    );
  });
});
