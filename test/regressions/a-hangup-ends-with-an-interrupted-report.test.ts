import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CLI, makeFolder } from '../cli/run-bowerbird.ts';

/** Sends a signal to its own process when the first file of the tree is opened. */
const SPY = `
const fs = require('node:fs');
let sent = false;
for (const name of ['openSync', 'open', 'readFileSync', 'readFile']) {
  const original = fs[name];
  fs[name] = function (path, ...rest) {
    if (!sent && /text\\d+\\.ts$/.test(String(path))) {
      sent = true;
      process.kill(process.pid, process.env.SIGNAL);
    }
    return original.call(this, path, ...rest);
  };
}
`;

let folder: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  const texts = Array.from({ length: 600 }, (_, n) => [`tree/text${n}.ts`, `export const a${n} = ${n};\n`.repeat(50)]);
  ({ folder, remove } = await makeFolder({ 'spy.cjs': SPY, ...Object.fromEntries(texts) }));
});

afterAll(() => remove());

it.skipIf(process.platform === 'win32').each(['SIGINT', 'SIGTERM', 'SIGHUP'])('%s', (signal) => {
  const args = ['--require', join(folder, 'spy.cjs'), CLI, 'scan', 'tree', '--json', '--threads', '1'];
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, SIGNAL: signal };
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8' });
  const report = JSON.parse(stdout) as { summary: { state: string }; coverage: { gaps: { message: string }[] }[] };
  expect({ status, state: report.summary.state }).toEqual({ status: 3, state: 'incomplete' });
  const messages = report.coverage.flatMap(({ gaps }) => gaps.map(({ message }) => message));
  expect(messages.join('\n')).toMatch(/the run was interrupted/);
});
