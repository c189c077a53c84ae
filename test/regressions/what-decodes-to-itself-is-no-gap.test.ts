import { expect, it } from 'vitest';
import { makeFolder, sampleToken } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';

const hex = (text: string): string => Buffer.from(text).toString('hex');

async function scan(files: Readonly<Record<string, string | Uint8Array>>) {
  const { folder, remove } = await makeFolder(files);
  const result = await runBowerbird(['scan', '.', '--json'], { cwd: folder }).finally(remove);
  return { code: result.code, report: JSON.parse(result.stdout) };
}

it('a text that is its own hexadecimal form, as in compiled tests of Python, is no gap', async () => {
  const compiled = Buffer.concat([Buffer.from([0xcb, 0x0d, 0x0d, 0x0a, 0, 0, 0, 0]), Buffer.from('3'.repeat(5_000))]);
  const { code } = await scan({ 'a.txt': `x = "${'3'.repeat(4_096)}"\n`, 'test_ast.cpython-312.pyc': compiled });
  expect(code).toBe(0);
});

it('a token inside of repeated text, and text that is really encoded too often, are still seen', async () => {
  const token = sampleToken('own-form');
  const found = await scan({ 'a.txt': `x = "${hex(`${'3'.repeat(200)} ${token}`)}"\n` });
  expect(found.code).toBe(1);
  let text = `a token: ${token}`;
  for (let times = 0; times < 6; times += 1) text = hex(text);
  const deep = await scan({ 'a.txt': `x = "${text}"\n` });
  expect(deep.code).toBe(3);
});
