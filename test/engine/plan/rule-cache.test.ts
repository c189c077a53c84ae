import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileNow } from '../../../src/detect/fast.ts';
import { cachePacks } from '../../../src/engine/plan/rule-cache.ts';
import { userCacheFolder } from '../../../src/lib/files/user-cache.ts';
import type { CompiledRule } from '../../../src/model/rule.ts';
import { makeRule } from '../../detect/make-rule.ts';

let parent = '';
let folder = '';
let compiled = 0;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'bowerbird-cache-'));
  folder = join(parent, 'cache');
  compiled = 0;
});

afterEach(() => rmSync(parent, { recursive: true }));

const RULES = [makeRule({ id: 'a', pattern: 'acme_[a-z]{8}' })];

async function compile(rules: readonly CompiledRule[] = RULES, version = '1.0.0') {
  const counted = (list: readonly CompiledRule[]) => {
    compiled += 1;
    return compileNow(list);
  };
  return cachePacks(counted, folder, version)(rules);
}

describe('cachePacks', () => {
  it('analyses rules once, and reads back what it wrote', async () => {
    const first = await compile();
    expect(await compile()).toEqual(first);
    expect(compiled).toBe(1);
  });

  it('analyses them again when a rule or Bowerbird changes', async () => {
    await compile();
    await compile([makeRule({ id: 'a', pattern: 'acme_[a-z]{9}' })]);
    await compile(RULES, '1.0.1');
    expect(compiled).toBe(3);
  });

  it.each([
    ['a byte changed', (bytes: Buffer) => bytes.fill(bytes[99] === 0 ? 1 : 0, 99, 100)],
    ['the end is missing', (bytes: Buffer) => bytes.subarray(0, -40)],
    ['nothing is in it', () => Buffer.alloc(0)],
  ])('does not trust a file where %s', async (_, damage) => {
    const pack = await compile();
    const [name = ''] = readdirSync(folder);
    writeFileSync(join(folder, name), damage(readFileSync(join(folder, name))));
    expect(await compile()).toEqual(pack);
    expect(compiled).toBe(2);
  });

  it.skipIf(process.getuid === undefined)('neither reads nor writes where others can write', async () => {
    await compile();
    chmodSync(folder, 0o777);
    await compile();
    expect(compiled).toBe(2);
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    chmodSync(folder, 0o770);
    await compile();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('works without a folder that it can make', async () => {
    folder = join(parent, 'file', 'cache');
    writeFileSync(join(parent, 'file'), '');
    expect((await compile()).rules).toMatchObject([{ id: 'a' }]);
  });

  it('keeps the newest few', async () => {
    for (let version = 0; version < 12; version += 1) {
      await compile(RULES, `${version}`);
      for (const name of readdirSync(folder)) utimesSync(join(folder, name), 1e9 + version, 1e9 + version);
    }
    expect(readdirSync(folder).length).toBe(8);
  });
});

describe('userCacheFolder', () => {
  it.each([
    [{ XDG_CACHE_HOME: '/x', HOME: '/h' }, join('/x', 'bowerbird')],
    [{ HOME: '/h' }, join('/h', '.cache', 'bowerbird')],
    [{ HOME: '/work' }, undefined],
    [{ XDG_CACHE_HOME: 'relative' }, undefined],
    [{}, undefined],
  ])('%j', (env, expected) => {
    expect(userCacheFolder(env, '/work')).toBe(expected);
  });
});
