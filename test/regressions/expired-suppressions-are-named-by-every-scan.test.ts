import { beforeEach, describe, expect, it } from 'vitest';
import { runBowerbird } from '../cli/run-either.ts';
import { TestRepository } from '../collectors/shared-git.ts';
import { itRarely } from '../it-rarely.ts';

interface Stale {
  readonly entry: string;
  readonly problem: string;
}

const ID = (letter: string): string => `s-${letter.repeat(20)}`;
const DAY = 86_400_000;

/** Dates need no history: only that an entry does nothing does. Both were named only by scans of the history. */
describe('entries of the ignore file', () => {
  let repository: TestRepository;
  let soon = '';

  beforeEach(() => {
    soon = new Date(Date.now() + 5 * DAY).toISOString().slice(0, 10);
    repository = new TestRepository();
    const entries = [
      `${ID('a')} reason="old" expires=2020-01-01`,
      `${ID('b')} reason="soon" expires=${soon}`,
      `${ID('c')} reason="useless" expires=2999-01-01`,
    ];
    repository.commit('base', { '.bowerbirdignore': `${entries.join('\n')}\n`, 'a.txt': 'a\n' });
    repository.git('checkout', '-q', '-b', 'topic');
    repository.commit('change', { 'a.txt': 'b\n' });
    repository.write('a.txt', 'c\n');
    repository.git('add', '-A');
  });

  async function staleOf(...args: string[]): Promise<Record<string, string>> {
    const { stdout } = await runBowerbird(['scan', ...args, '--json'], { cwd: repository.folder });
    const report = JSON.parse(stdout) as { readonly summary: { readonly staleEntries: readonly Stale[] } };
    return Object.fromEntries(report.summary.staleEntries.map(({ entry, problem }) => [entry, problem]));
  }

  it.each([[['.']], [['--staged']], [['--range', 'main...HEAD']]])(
    'that expired or soon will are named by scan %j',
    async (args) => {
      expect(await staleOf(...args)).toEqual({ [ID('a')]: 'expired', [ID('b')]: 'expires-soon' });
    },
  );

  itRarely('that do nothing are named where everything was seen that they could be about', async () => {
    const expected = { [ID('a')]: 'expired', [ID('b')]: 'unused', [ID('c')]: 'unused' };
    expect(await staleOf('.', 'git:.')).toEqual(expected);
  });

  it('are named in words, with the date', async () => {
    const range = ['scan', '--range', 'main...HEAD'];
    const human = await runBowerbird(range, { cwd: repository.folder });
    expect(human.stdout).toContain(`${ID('a')} has expired: its finding counts again (2020-01-01)`);
    const summary = await runBowerbird([...range, '--report', 'markdown'], { cwd: repository.folder });
    expect(summary.stdout).toMatch(new RegExp(`${ID('b')}.*expires soon \\(${soon.replaceAll('-', '\\\\?-')}\\)`));
  });
});
