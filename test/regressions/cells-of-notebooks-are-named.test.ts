import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeFolder, sampleToken } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';
import { itRarely } from '../it-rarely.ts';
import { zipOf } from '../make-archives.ts';

/** A finding in a notebook named a line of its JSON, which nobody sees in Jupyter. */
const code = (source: readonly string[] | string, outputs: readonly object[] = []) => {
  return { cell_type: 'code', execution_count: 1, metadata: {}, outputs, source };
};
const notebook = (...cells: readonly object[]): string =>
  `${JSON.stringify({ cells, metadata: { cells: [] }, nbformat: 4, nbformat_minor: 5 }, undefined, 1)}\n`;
const FIRST = code(['import os\n', 'print("{[", 1)']);
const printed = { output_type: 'stream', name: 'stdout', text: [`token ${sampleToken('output')}\n`] };
const zipped = notebook(FIRST, FIRST, code(`key = '${sampleToken('zip')}'`));
const FILES = {
  'escaped.ipynb': notebook(FIRST, code(['import os\n', `token = "${sampleToken('escaped')}"\n`, 'x']), FIRST),
  'one-string.ipynb': notebook(FIRST, FIRST, code(`import os\n${sampleToken('one')}\nx`)),
  'output.ipynb': notebook(code([], [printed])),
  'a.zip': zipOf([{ name: 'zipped.ipynb', content: Buffer.from(zipped) }]),
  'not-a-notebook.json': notebook(FIRST, code([`token = "${sampleToken('json')}"\n`])),
};
const CELLS: Readonly<Record<string, number | undefined>> = {
  'escaped.ipynb': 2,
  'one-string.ipynb': 3,
  'output.ipynb': 1,
  'a.zip!/zipped.ipynb': 3,
  'not-a-notebook.json': undefined,
};

interface Place {
  readonly path: string;
  readonly startLine: number;
  readonly cell?: number;
}
let tree: Awaited<ReturnType<typeof makeFolder>>;
const git = (...args: readonly string[]): void => {
  const config = ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-c', 'init.defaultBranch=main'];
  expect(spawnSync('git', [...config, ...args], { cwd: tree.folder }).status).toBe(0);
};
const scan = async (...args: readonly string[]): Promise<string> => {
  return (await runBowerbird(['scan', ...args], { cwd: tree.folder })).stdout;
};
const placesOf = (json: string): readonly Place[] =>
  (JSON.parse(json) as { findings: { locations: Place[] }[] }).findings.flatMap(({ locations }) => locations);
const cellsOf = (json: string) => Object.fromEntries(placesOf(json).map(({ path, cell }) => [path, cell]));

beforeAll(async () => {
  tree = await makeFolder(FILES);
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '-m', 'first');
});
afterAll(() => tree.remove());

it.each(['.', 'git:.'])('names the cell in JSON, and the line of the file (%s)', async (target) => {
  const json = await scan(target, '--json');
  expect(cellsOf(json)).toEqual(CELLS);
  const lines = FILES['escaped.ipynb'].split('\n');
  const place = placesOf(json).find(({ path }) => path === 'escaped.ipynb');
  expect(lines[(place?.startLine ?? 0) - 1]).toContain(sampleToken('escaped'));
});

itRarely('names the cell for people, in every format that has room for text', async () => {
  const human = await scan('.');
  expect(human).toMatch(/escaped\.ipynb:\d+:\d+ \(cell 2\)/);
  for (const format of ['sarif', 'gitlab', 'junit', 'markdown', 'github', 'csv', 'brief']) {
    expect(await scan('.', '--report', format), format).toMatch(/cell 2\b/);
  }
});

itRarely('names the cell of what an incremental run knows from the last one', async () => {
  const scanOnce = () => scan('git:.', '--json', '--incremental');
  const first = cellsOf(await scanOnce());
  await writeFile(join(tree.folder, 'readme.txt'), 'nothing here\n');
  git('add', '-A');
  git('commit', '-q', '-m', 'second');
  expect(cellsOf(await scanOnce())).toEqual(first);
  expect(first).toEqual(CELLS);
});
