import { chmodSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';
import { itRarely } from '../it-rarely.ts';

const RULES = Array.from(
  { length: 20 },
  (_, number) => `[[rules]]\nid = "mine-${number}"\nregex = '''mine${number}_[a-z0-9]{20}'''\n`,
).join('');
const VALUE = 'mine7_q8w2e4r6t1y3u5i7o9p0';

describe.skipIf(process.getuid === undefined)('analysed rules of the user', () => {
  it('are kept for the next run, and not where others can write', async () => {
    const { folder, remove } = await makeFolder({ 'tree/.gitleaks.toml': RULES, 'tree/a.txt': `${VALUE}\n` });
    const caches = join(folder, 'caches');
    mkdirSync(caches, { mode: 0o700 });
    const cwd = join(folder, 'tree');
    const scan = () => runBowerbird(['scan', '.', '--json'], { cwd, env: { XDG_CACHE_HOME: caches } });
    const packs = () => readdirSync(join(caches, 'bowerbird')).filter((name) => name.endsWith('.pack'));
    const first = await scan();
    expect(first.stdout).toContain('mine-7');
    expect(packs()).toHaveLength(1);
    const [pack = ''] = packs();
    expect(statSync(join(caches, 'bowerbird', pack)).mode & 0o777).toBe(0o600);
    const second = await scan();
    expect(second.stdout).toContain('mine-7');
    expect(packs()).toEqual([pack]);
    await remove();
  });

  itRarely('are neither read nor written below a folder that others can write to', async () => {
    const { folder, remove } = await makeFolder({ 'tree/.gitleaks.toml': RULES, 'tree/a.txt': `${VALUE}\n` });
    const caches = join(folder, 'open', 'caches');
    mkdirSync(caches, { recursive: true, mode: 0o700 });
    chmodSync(join(folder, 'open'), 0o777);
    const result = await runBowerbird(['scan', '.', '--json'], {
      cwd: join(folder, 'tree'),
      env: { XDG_CACHE_HOME: caches },
    });
    expect(result.stdout).toContain('mine-7');
    expect(existsSync(join(caches, 'bowerbird'))).toBe(false);
    await remove();
  });
});
