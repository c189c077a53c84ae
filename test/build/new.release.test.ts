import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PAGE_TABLES } from '../../src/build/generated/page-tables.ts';
import { DEFAULT_KINDS } from '../../src/build/lanes/classify.ts';
import { SCAFFOLD_KINDS } from '../../src/build/scaffolds.ts';
import { type Clone, type CommandResult, cloneWorkingTree, ROOT, runCommand } from './clone.ts';

/** The kinds that strangers add most. The others go through the same tests, and the whole check, with the variable set. */
const COMMON: readonly string[] = ['rule', 'posture-rule', 'collector', 'source', 'reporter'];
const ALL = process.env['BOWERBIRD_TEST_SCAFFOLDS'] === 'all';
const KINDS = ALL ? SCAFFOLD_KINDS : COMMON;
const ID = 'zephyr-works';
/** A source is a collector, too: it needs an id of its own. */
const SOURCE_ID = 'zephyr-works-cloud';
/** Files of a source that ask nothing of a person. */
const UNMARKED = [`src/collectors/${SOURCE_ID}/session.ts`, `test/collectors/${SOURCE_ID}/contract.test.ts`];
/** Kinds with one file; a source has eight, the others a plug-in and a test. */
const FILES: Readonly<Record<string, number>> = { rule: 1, 'posture-rule': 1, source: 8 };
const SLOW = 600_000;
/** The whole check runs every default test: minutes on two quiet cores, many on cores that others use, too. */
const WHOLE_CHECK = 2_400_000;

/** Test files that judge plug-ins and rules of each kind, beside the plug-in's own. */
const SUITES: Readonly<Record<string, readonly string[]>> = {
  rule: ['test/rules/detection'],
  'posture-rule': ['test/rules/posture', 'test/posture/rules'],
  reporter: ['test/reporters/contract'],
  collector: ['test/fuzz/plugins'],
  check: ['test/detect/checks/contract'],
};

let clone: Clone;
let written: string[] = [];

beforeAll(async () => {
  clone = await cloneWorkingTree();
}, SLOW);

afterAll(() => clone.remove());

const step = (...args: string[]): Promise<CommandResult> =>
  runCommand('node', ['src/build/run.mjs', ...args], { cwd: clone.folder });

/** Runs a tool of this repository on the clone. */
function tool(path: string, args: readonly string[]): Promise<CommandResult> {
  return runCommand('node', [join(ROOT, 'node_modules', path), ...args], { cwd: clone.folder });
}

const vitest = (...args: string[]): Promise<CommandResult> => tool('vitest/vitest.mjs', ['run', ...args]);

async function changes(...flags: string[]): Promise<string[]> {
  const status = await clone.git('status', '--porcelain', '--untracked-files=all', ...flags);
  return status
    .split('\n')
    .filter((line) => line !== '')
    .sort();
}

/** What the tool said where it failed: shown by the assertion. */
function expectPass({ code, stdout, stderr }: CommandResult): void {
  expect(code === 0 ? '' : `exit ${code}\n${stdout}\n${stderr}`).toBe('');
}

describe('npm run new', { timeout: SLOW }, () => {
  it.each([
    [['planet', 'x'], /Usage: npm run new <kind> <id>\. Kinds: rule, posture-rule, collector/],
    [['factor', 'x'], /Usage/],
    [[], /Usage/],
    [['toString', 'x'], /Usage/],
    [['rule', 'a', 'b'], /Usage/],
    [['rule', 'Acme'], /"Acme" is no id/],
    [['rule', '../acme'], /is no id/],
    [['rule'], /"" is no id/],
    [['decoder', 'contract'], /"contract" is no id/],
    [['source', 'github'], /src\/collectors\/github\/index\.ts.* is taken/],
    [['source', 'stdin'], /src\/collectors\/stdin\/index\.ts.* is taken/],
    [['rule', 'github'], /rules\/detection\/github\.yaml is taken/],
    [['collector', 'github'], /src\/collectors\/github\.ts.* is taken/],
    [['decoder', 'zip'], /src\/decoders\/zip\.ts.* is taken/],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await step('new', ...args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('    at ');
    expect(code).toBe(2);
    expect(await changes()).toEqual([]);
  });

  it('writes new files only, and registers them', async () => {
    for (const kind of KINDS) expectPass(await step('new', kind, kind === 'source' ? SOURCE_ID : ID));
    const all = await changes();
    written = all.filter((line) => line.startsWith('?? ')).map((line) => line.slice(3));
    expect(written).toHaveLength(KINDS.reduce((sum, kind) => sum + (FILES[kind] ?? 2), 0));
    expect(written.filter((path) => !path.includes(ID))).toEqual([]);
    const others = all.filter((line) => !line.startsWith('?? '));
    expect(others.filter((line) => !isGenerated(line))).toEqual([]);
    // Rules are in no list, and two kinds of collectors share one.
    expect(others.filter((line) => line.endsWith('.ts'))).toHaveLength(KINDS.length - 3);
  });

  it('writes files that the tests refuse as long as they are untouched, each by its name', async () => {
    const { code, stderr } = await vitest('test/architecture/budgets');
    expect(code).toBe(1);
    const texts = await Promise.all(written.map((path) => readFile(join(clone.folder, path), 'utf8')));
    const marked = written.filter((_, index) => texts[index]?.includes('REPLACE'));
    expect(written.filter((path) => !marked.includes(path))).toEqual(UNMARKED);
    for (const path of marked.filter((one) => one.endsWith('.ts'))) expect(stderr).toContain(path);
  });

  it('refuses an untouched rule too', async () => {
    const plugins = written.filter((path) => path.endsWith('.ts'));
    for (const path of plugins) await replaceMarkers(path);
    const { code, stderr } = await vitest('test/architecture/budgets');
    expect(code).toBe(1);
    expect(stderr).toContain(`detection/${ID}.yaml`);
    expect(stderr).toContain(`posture/${ID}.yaml`);
  });

  it('passes format, lint, types and tests once each REPLACE is replaced', async () => {
    for (const path of written) await replaceMarkers(path);
    // As `npm run fix` does: tables repeat what a plug-in says of itself.
    expectPass(await step('generate'));
    expectPass(await step('generate', '--check'));
    expectPass(await tool('@biomejs/biome/bin/biome', ['ci', ...written]));
    await clone.write(
      '.git/tsconfig.json',
      JSON.stringify({ extends: '../tsconfig.json', files: sources('../'), include: [] }),
    );
    expectPass(await tool('typescript/bin/tsc', ['--noEmit', '--project', '.git/tsconfig.json']));
    const suites = KINDS.flatMap((kind) => SUITES[kind] ?? []);
    expectPass(await vitest('test/architecture', ID, ...suites));
    const golden = KINDS.includes('reporter') ? [`?? fixtures/reports/${ID}.golden`] : [];
    const untracked = (await changes()).filter((line) => line.startsWith('?? '));
    expect(untracked).toEqual([...golden, ...written.map((path) => `?? ${path}`)].sort());
  });

  it.runIf(ALL)('passes the whole check (BOWERBIRD_TEST_SCAFFOLDS=all)', { timeout: WHOLE_CHECK }, async () => {
    expectPass(await tool('@biomejs/biome/bin/biome', ['ci', '.']));
    expectPass(await tool('knip/bin/knip.js', []));
    expectPass(await tool('typescript/bin/tsc', ['--noEmit']));
    expectPass(await step('build'));
    // As `npm test` does: what lanes prove does not depend on which plug-ins there are.
    expectPass(await vitest(...DEFAULT_KINDS.flatMap((kind) => ['--project', kind]), '--exclude', 'test/build/**'));
    await clone.git('add', '--all');
    expect((await changes()).filter((line) => !line.includes(ID) && !isGenerated(line))).toEqual([]);
  });
});

const sources = (from: string): string[] => written.filter((path) => path.endsWith('.ts')).map((path) => from + path);

/** True for a line of `git status` about a file that `npm run generate` writes, or writes into. */
function isGenerated(line: string): boolean {
  return /\.generated\.(?:ts|md)$/.test(line) || PAGE_TABLES.some(({ page }) => line.endsWith(` ${page}`));
}

async function replaceMarkers(path: string): Promise<void> {
  const text = await readFile(join(clone.folder, path), 'utf8');
  await clone.write(path, text.replaceAll('REPLACE', 'acme'));
}
