import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCompany, TARGETS } from '../../../src/build/demo.ts';
import { inLane, itRarely } from '../../it-rarely.ts';
import { ROOT } from '../run-bowerbird.ts';
import { runBowerbird } from '../run-either.ts';
import { EDITS, FILES, FIRE } from './inputs.ts';

/** Rules that no test makes fail through a collector yet: shorten it. A rule that fires is refused here. */
const NOT_YET: readonly string[] = [];

describe('rules that can fire', () => {
  let folder = '';
  let fired: ReadonlySet<string> = new Set();

  beforeAll(async () => {
    if (!inLane) return;
    folder = await mkdtemp(join(tmpdir(), 'bowerbird-fire-'));
    await makeCompany(ROOT, folder);
    for (const [path, text] of Object.entries(FILES)) {
      await mkdir(dirname(join(folder, 'more', path)), { recursive: true });
      await writeFile(join(folder, 'more', path), text);
    }
    for (const [dump, part, edit] of EDITS) {
      const name = (await readdir(join(folder, dump))).find((file) => file.includes(part)) ?? '';
      const path = join(folder, dump, name);
      await writeFile(path, edit(await readFile(path, 'utf8')));
    }
    const all = await Promise.all([failed(TARGETS), failed(['more'])]);
    fired = new Set(all.flat());
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function failed(targets: readonly string[]): Promise<readonly string[]> {
    const { stdout } = await runBowerbird(['scan', ...targets, '--pack', 'auditor', '--json'], { cwd: folder });
    return (JSON.parse(stdout) as { findings: { ruleId: string }[] }).findings.map(({ ruleId }) => ruleId);
  }

  itRarely.each(FIRE.map((id) => [id]))('%s fails for a file of its kind', (id) => {
    expect(fired).toContain(id);
  });

  itRarely('are all, but for those that are listed', async () => {
    const ids = (await readdir(join(ROOT, 'rules', 'posture'))).map((file) => file.replace(/\.yaml$/, ''));
    const named = await namesInTests();
    const silent = ids.filter((id) => !fired.has(id) && !named.has(id));
    expect(silent.sort()).toEqual([...NOT_YET].sort());
  });

  it('stand once in the list', () => {
    expect(new Set(FIRE).size).toBe(FIRE.length);
    expect(FIRE.filter((id) => NOT_YET.includes(id))).toEqual([]);
  });
});

/** Words of tests that judge what a collector read: a rule that stands there is expected to fail. */
async function namesInTests(): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const file of await readdir(join(ROOT, 'test'), { recursive: true })) {
    if (!/^(?:collectors\/.*|cli\/inventory\/.*)\.ts$/.test(file)) continue;
    const text = await readFile(join(ROOT, 'test', file), 'utf8');
    for (const [word] of text.matchAll(/[a-z]+\d?(?:-[a-z0-9]+)+/g)) names.add(word);
  }
  return names;
}
