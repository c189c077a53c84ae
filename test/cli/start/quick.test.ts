import { describe, expect, it } from 'vitest';
import type { CliIo } from '../../../src/cli/io.ts';
import { createProgram, declareVerb } from '../../../src/cli/program.ts';
import { isVersionCall, readQuickCall } from '../../../src/cli/start/quick.ts';
import { LISTS, SWITCHES } from '../../../src/cli/start/quick-flags.generated.ts';
import type { FlagsOf } from '../../../src/flags/types.ts';

const FLAGS = [...SWITCHES.keys()];
const IO = { width: 80, stdout: () => undefined, stderr: () => undefined } as unknown as CliIo;

/** What the parser reads from the same arguments. */
function parse(args: readonly string[]): { readonly targets: readonly string[]; readonly flags: FlagsOf<'scan'> } {
  let read: { targets: string[]; flags: FlagsOf<'scan'> } | undefined;
  const command = declareVerb(createProgram('bowerbird', IO), 'scan', IO);
  command.action((targets: string[], flags: FlagsOf<'scan'>) => {
    read = { targets, flags: { ...flags } };
  });
  command.parse([...args], { from: 'user' });
  if (read === undefined) throw new Error('the parser ran nothing');
  return read;
}

describe('a command line that is read without the parser', () => {
  const pairs = FLAGS.flatMap((one) => FLAGS.map((other) => ['--staged', one, other]));
  const reports = [
    ['--report', 'json'],
    ['--report=json=file.json'],
    ['--report', 'json=a=b', '--report', 'sarif=c'],
    ['--report=json', '--report', '='],
    ...[...LISTS.keys()].map((flag) => [flag, 'a', `${flag}=b=c`]),
  ];
  const beside = reports.flatMap((report) => [
    [...report, '--staged', '-q'],
    ['--staged', ...report, '--json'],
    ['-q', '--staged', ...report],
  ]);
  const lists = [['--staged'], ...pairs, FLAGS, [...FLAGS].reverse(), ...beside];

  it('knows the flags that a commit uses', () => {
    expect(FLAGS).toEqual(expect.arrayContaining(['--staged', '-q', '--no-color', '--no-config', '--json']));
    expect([...LISTS.keys()]).toContain('--report');
  });

  it(`means what the parser reads, over ${lists.length} lists of arguments`, () => {
    for (const args of lists) {
      const { targets, flags } = parse(args);
      expect(targets).toEqual([]);
      expect(readQuickCall(['scan', ...args]), args.join(' ')).toEqual({ command: 'scan', flags });
    }
  });

  it.each([
    [['scan']],
    [['scan', '.']],
    [['scan', '--quiet']],
    [['scan', '--staged', '.']],
    [['scan', '--staged', '--help']],
    [['scan', '--staged', '--fail-on', 'low']],
    [['scan', '--staged', '--exclude', '-q']],
    [['scan', '--staged', '--json=true']],
    [['scan', '--staged', '--report']],
    [['scan', '--staged', '--report=']],
    [['scan', '--staged', '--report', '']],
    [['scan', '--report', '--staged']],
    [['scan', '--staged', '--reports', 'json']],
    [['scan', '--staged', '--report', 'json', 'more']],
    [['scan', '--staged', '--stage']],
    [['scan', '--staged', '-qv']],
    [['scan', '--staged', '--']],
    [['inventory', '--staged']],
    [['hook', 'run']],
    [['hook', 'run', 'pre-push']],
    [['hook', 'run', 'pre-commit', '--time-limit', '3']],
    [['hook run pre-commit']],
    [[]],
  ])('is left to the parser: %j', (args) => {
    expect(readQuickCall(args)).toBeUndefined();
  });

  it('is the hook of a commit, with the time limit that the parser gives', () => {
    expect(readQuickCall(['hook', 'run', 'pre-commit'])).toEqual({
      command: 'hook',
      stage: 'pre-commit',
      timeLimit: 60_000,
    });
  });

  it('is the version, alone', () => {
    expect([['--version'], ['-V'], ['-V', 'x'], ['version'], []].map(isVersionCall)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
