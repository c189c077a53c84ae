import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineCollector, type SourceCollector } from '../../../src/collectors/contract.ts';
import { parseAddress, resolveTargets } from '../../../src/engine/plan/targets.ts';

const SCHEMES = new Set(['files', 'stdin', 'git', 'github']);

describe('parseAddress', () => {
  it.each([
    ['.', 'files', '.'],
    ['src/a b.ts', 'files', 'src/a b.ts'],
    ['-', 'stdin', '-'],
    ['git:.', 'git', '.'],
    ['github:acme', 'github', 'acme'],
    ['dump:./x', 'dump', './x'],
    ['C:\\work', 'files', 'C:\\work'],
    ['./odd:name', 'files', './odd:name'],
  ])('%s is %s:%s', (text, scheme, value) => {
    expect(parseAddress(text, SCHEMES)).toEqual({ scheme, value, text });
  });

  it.each([
    ['', /empty/],
    ['gitlab:acme', /no collector "gitlab".*Known: dump, files, git, github, stdin.*"\.\/gitlab:acme"/],
  ])('refuses %j', (text, message) => {
    expect(() => parseAddress(text, SCHEMES)).toThrow(message);
  });
});

describe('resolveTargets', () => {
  let folder = '';
  const collector: SourceCollector = defineCollector({
    id: 'github',
    title: 'GitHub',
    reads: 'address',
    scheme: 'github',
    network: true,
    permissions: [],
    collect: async function* () {},
  });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bowerbird-targets-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('lets a dump name its collector', async () => {
    await writeFile(join(folder, 'dump.json'), '{"collector":"github"}');
    const [target] = await resolveTargets([`dump:${folder}`], [collector], '/');
    expect(target?.collector.id).toBe('github');
  });

  it.each([
    ['{"collector":"other"}', /names the collector "other"/],
    ['{', /does not name a collector/],
    ['[]', /does not name a collector/],
  ])('refuses a dump with %s', async (text, message) => {
    await writeFile(join(folder, 'dump.json'), text);
    await expect(resolveTargets([`dump:${folder}`], [collector], '/')).rejects.toThrow(message);
  });

  it('says what a dump is where there is none', async () => {
    await expect(resolveTargets(['dump:/nowhere'], [collector], '/')).rejects.toThrow(
      /dump.json cannot be read.*--record/,
    );
  });
});
