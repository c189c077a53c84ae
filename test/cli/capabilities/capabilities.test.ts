import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCompany, TARGETS } from '../../../src/build/demo.ts';
import { inLane, itRarely } from '../../it-rarely.ts';
import { ROOT } from '../run-bowerbird.ts';
import { runBowerbird } from '../run-either.ts';
import { ACCESS } from './access.ts';
import { LIFECYCLE } from './lifecycle.ts';
import { PLACES } from './places.ts';
import { PROCESS } from './process.ts';
import { type Capability, COMMANDS } from './rows.ts';

const ROWS = [...ACCESS, ...LIFECYCLE, ...PLACES, ...PROCESS].sort(([a], [b]) => a - b);
/** Commands of a user within the repository; the others read all targets. */
const IN_REPOSITORY = new Set(['range', 'ignore', 'hook', 'staged']);
const MORE_KEYS = `
resource "aws_iam_access_key" "deploy_bot" {
  user = aws_iam_user.deploy_bot.name
}
`;

const proofs = ROWS.flatMap(([row, capability, command, output]) =>
  command === 'no' ? [] : [[row, capability, command, output] as const],
);

describe('the capabilities that the product was asked for', () => {
  let folder = '';
  const outputs = new Map<string, string>();

  beforeAll(async () => {
    if (!inLane) return;
    folder = await mkdtemp(join(tmpdir(), 'bowerbird-capabilities-'));
    await makeCompany(ROOT, folder);
    for (const name of Object.keys(COMMANDS)) if (!IN_REPOSITORY.has(name)) outputs.set(name, await run(name));
    await changeRepository(join(folder, 'repository'));
    for (const name of IN_REPOSITORY) outputs.set(name, await run(name));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function run(name: string): Promise<string> {
    const [verb = '', ...flags] = COMMANDS[name as keyof typeof COMMANDS];
    const inside = IN_REPOSITORY.has(name);
    const args = inside ? [verb, ...flags] : [verb, ...TARGETS, ...flags];
    const { stdout, stderr } = await runBowerbird(args, { cwd: inside ? join(folder, 'repository') : folder });
    return stdout + stderr;
  }

  itRarely.each(proofs)('%i: %s (%s)', (_, __, command, output) => {
    const text = outputs.get(command) ?? '';
    // A sentence goes on in the next line where it is wide.
    const lines = text.replace(/\s+/g, ' ');
    expect(output.test(text) || output.test(lines), `${command} does not print ${output}`).toBe(true);
  });

  it('are 126, each once, and at least eighty are there', () => {
    expect(ROWS.map(([row]) => row)).toEqual(Array.from({ length: 126 }, (_, index) => index + 1));
    expect(proofs.length).toBeGreaterThanOrEqual(80);
  });

  it('stand in a table', async () => {
    await expect(tableOf(ROWS)).toMatchFileSnapshot('README.md');
  });
});

/** A change that adds an access key, and one that would add a secret. */
async function changeRepository(repository: string): Promise<void> {
  const git = (...args: string[]): unknown =>
    execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.invalid', ...args], { cwd: repository });
  await writeFile(join(repository, 'infra', 'keys.tf'), MORE_KEYS);
  git('add', '-A');
  git('commit', '-q', '-m', 'A key for the bot');
  execFileSync('cp', ['config/test.env', 'config/copy.env'], { cwd: repository });
  git('add', '-A');
}

function tableOf(rows: readonly Capability[]): string {
  const lines = rows.map(([row, capability, command, proof]) =>
    command === 'no'
      ? `| ${row} | ${capability} | no | ${String(proof)} |`
      : `| ${row} | ${capability} | yes | \`${COMMANDS[command].join(' ')}\` |`,
  );
  return `# Capabilities

What the product was asked for, row by row: ${proofs.length} of ${rows.length} are there. "yes": the command shows it on
the demonstration, for the sources that there are, and the lane \`rare\` runs it. Written by \`capabilities.test.ts\`
(\`npx vitest run -u test/cli/capabilities\`).

| row | capability | there | command, or what is missing |
|---|---|---|---|
${lines.join('\n')}
`;
}
