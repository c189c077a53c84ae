import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runBowerbird } from '../cli/run-either.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bowerbird-limits-'));
  await mkdir(join(folder, '.github/workflows'), { recursive: true });
  for (const name of ['build', 'test']) {
    const steps = 'jobs: { a: { runs-on: ubuntu-latest, steps: [{ run: echo }] } }';
    await writeFile(join(folder, `.github/workflows/${name}.yml`), `on: push\npermissions: {}\n${steps}\n`);
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

it('declaration-files: files beyond it are gaps that say how to raise it', async () => {
  const within = await runBowerbird(['scan', '.'], { cwd: folder });
  expect(within).toMatchObject({ code: 0 });
  await writeFile(join(folder, '.bowerbird.yaml'), 'limits: { declaration-files: 1 }\n');
  const beyond = await runBowerbird(['scan', '.'], { cwd: folder });
  expect(beyond.code).toBe(3);
  expect(beyond.stdout + beyond.stderr).toMatch(/more than 1 files of its kind; raise\s+"declaration-files"/);
});
