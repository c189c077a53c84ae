import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { reporterLoaders } from '../../src/reporters/loaders.generated.ts';
import { makeFolder, sampleToken } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';
import { TestRepository } from '../collectors/shared-git.ts';

const FORMATS = [...reporterLoaders.keys()];
const WORKFLOW = 'on: push\npermissions: write-all\njobs:\n  build:\n    runs-on: x\n    steps:\n      - run: make\n';

/** Two repositories with the same paths: a list of `deploy.env:1` and `deploy.env:1` tells nobody where to go. */
describe('a report over two repositories', () => {
  const texts = new Map<string, string>();

  beforeAll(async () => {
    const { folder, remove } = await makeFolder({ 'shop/README.md': '', 'bank/README.md': '' });
    for (const name of ['shop', 'bank']) {
      const repository = new TestRepository({ folder: join(folder, name) });
      repository.git('remote', 'add', 'origin', `https://git.example/acme/${name}.git`);
      repository.commit('leak', { 'deploy.env': `T=${sampleToken(name)}\n`, '.github/workflows/ci.yml': WORKFLOW });
    }
    const reports = FORMATS.flatMap((format) => ['--report', `${format}=${join(folder, format)}`]);
    const { code, stderr } = await runBowerbird(['scan', 'shop', 'bank', ...reports, '--quiet'], { cwd: folder });
    expect([code, stderr]).toEqual([1, '']);
    for (const format of FORMATS) texts.set(format, await readFile(join(folder, format), 'utf8'));
    await remove();
  });

  it.each(FORMATS)('names both in %s', (format) => {
    const text = (texts.get(format) ?? '').replace(/\\/g, '');
    for (const name of ['acme/shop', 'acme/bank']) expect(text).toContain(name);
  });

  it('has a row for each finding in csv', () => {
    const rows = (texts.get('csv') ?? '').split('\r\n').filter((row) => row.includes('"github-pat-classic"'));
    expect(rows.map((row) => /"[\w.]*\/?acme\/(shop|bank)","deploy\.env","1"/.exec(row)?.[1]).sort()).toEqual([
      'bank',
      'shop',
    ]);
  });
});
