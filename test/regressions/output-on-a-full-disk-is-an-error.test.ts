import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLI, makeFolder } from '../cli/run-bowerbird.ts';
import { itRarely } from '../it-rarely.ts';

let folder: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ folder, remove } = await makeFolder({ 'a.txt': 'nothing\n' }));
});

afterAll(() => remove());

/** Runs a shell line with `bowerbird` in it, and returns the exit code that the line ends with. */
function run(line: string): { readonly code: number | null; readonly stderr: string } {
  const text = `bowerbird() { '${process.execPath}' '${CLI}' "$@"; }; set -o pipefail; ${line}`;
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder };
  const { status, stderr } = spawnSync('bash', ['-c', text], { cwd: folder, env, encoding: 'utf8' });
  return { code: status, stderr };
}

describe.skipIf(!existsSync('/dev/full'))('a full disk', () => {
  function expectFailure(args: string): void {
    const { code, stderr } = run(`bowerbird ${args} > /dev/full`);
    expect(stderr).toMatch(/^bowerbird: The output could not be written: ENOSPC/);
    expect(code).toBe(3);
  }

  it.each(['scan . --json', 'scan .'])('fails "bowerbird %s", and says so', expectFailure);
  itRarely.each(['rules list', '--version'])('fails "bowerbird %s", and says so', expectFailure);

  it('fails a report to a file in the same way', () => {
    const { code, stderr } = run('bowerbird scan . --report json=/dev/full');
    expect(stderr).toMatch(/The report \/dev\/full cannot be written \(ENOSPC\)/);
    expect(code).toBe(3);
  });

  itRarely('does not matter for messages', () => {
    expect(run('bowerbird scan . --json 2> /dev/full').code).toBe(0);
  });
});

it('a reader that goes early is no error', () => {
  expect(run('bowerbird rules list | head -1')).toEqual({ code: 0, stderr: '' });
});
