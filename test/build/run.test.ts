import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { itRarely } from '../it-rarely.ts';
import { type CommandResult, ROOT, runCommand } from './clone.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bowerbird-run-'));
  await mkdir(join(folder, 'src', 'build'), { recursive: true });
  await mkdir(join(folder, 'node_modules'));
  for (const name of ['esbuild', '@esbuild']) {
    await symlink(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
  }
  await cp(join(ROOT, 'src/build/run.mjs'), join(folder, 'src/build/run.mjs'));
  await step('good', 'return args.length;');
  await step('throws', "throw new Error('a defect');");
  await step('misused', "throw Object.assign(new Error('write x instead'), { name: 'ConfigError' });");
  await step('exits', 'process.exit(7);');
  await step('killed', "process.kill(process.pid, 'SIGKILL'); await new Promise(() => setInterval(() => 0, 1000));");
  await writeFile(
    join(folder, 'src/build/breaks.ts'),
    "export async function run() {}\nthrow new Error('while loading');\n",
  );
  await writeFile(join(folder, 'src/build/shared.ts'), 'export const shared = 1;\n');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const step = (name: string, body: string): Promise<void> =>
  writeFile(
    join(folder, `src/build/${name}.ts`),
    `export async function run(root: string, args: string[]): Promise<number> {\n  ${body}\n}\n`,
  );

async function runStep(...args: string[]): Promise<CommandResult & { readonly left: readonly string[] }> {
  const result = await runCommand('node', ['src/build/run.mjs', ...args], { cwd: folder }).catch((error: unknown) => {
    if (error instanceof Error && 'signal' in error) return { code: -1, stdout: '', stderr: String(error.signal) };
    throw error;
  });
  const cached = await readdir(join(folder, 'node_modules/.cache/bowerbird')).catch(() => []);
  const beside = await readdir(join(folder, 'src/build'));
  return { ...result, left: [...cached, ...beside.filter((name) => name.startsWith('.'))] };
}

it('gives the exit code of a step, and its arguments to it', async () => {
  expect(await runStep('good')).toEqual({ code: 0, stdout: '', stderr: '', left: [] });
  expect(await runStep('good', 'a', '--b')).toMatchObject({ code: 2, left: [] });
});

async function expectSteps(name: string): Promise<void> {
  const { code, stderr } = await runStep(name);
  expect(code).toBe(2);
  expect(stderr).toBe(`Unknown build step "${name}". Steps: breaks, exits, good, killed, misused, throws.\n`);
}

it('lists the steps for a name that is none', () => expectSteps('nope'));
itRarely.each([['shared'], ['run.mjs'], ['../build/good'], ['']])('lists the steps for "%s"', expectSteps);

it('says only the message of what the user can fix', async () => {
  expect(await runStep('misused')).toEqual({ code: 2, stdout: '', stderr: 'write x instead\n', left: [] });
});

async function expectNothingLeft(name: string, code: number, stderr: RegExp): Promise<void> {
  const result = await runStep(name);
  expect(result.stderr).toMatch(stderr);
  expect([result.code, result.left]).toEqual([code, []]);
}

it('leaves nothing behind when a step throws', () => expectNothingLeft('throws', 1, /a defect[\s\S]*\n {4}at /));
itRarely.each([
  ['breaks', 1, /while loading/],
  ['exits', 7, /^$/],
  ['killed', -1, /SIGKILL/],
] as const)('leaves nothing behind when a step %s', expectNothingLeft);
