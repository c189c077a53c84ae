import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { classifyTests, DEFAULT_KINDS, readTests, type TestSource } from '../../src/build/lanes/classify.ts';
import { LANES } from '../../src/build/lanes/table.ts';
import { describe as describeLanes, drawSeed, readRequest } from '../../src/build/lanes.ts';
import { UsageError } from '../../src/model/errors.ts';
import { ROOT } from './source-files.ts';

const sources = readTests(ROOT);
const kinds = classifyTests(sources);
const filesOfLanes = new Map(LANES.map((lane) => [lane.name, lane.files(sources)]));

/** In two parts, since the text of this file is classified as well. */
const MOCK = `vi.${"mock('node:fs');"}`;

/** Classifies one made-up test, with the helpers that it may import. */
function kindOf(text: string, name = 'test/made-up.test.ts', helpers: readonly TestSource[] = []): string | undefined {
  const imports = helpers.map(({ path }) => path);
  return classifyTests([{ path: name, text, imports }, ...helpers]).get(name);
}

describe('how a test file is run', () => {
  it('is in a shared thread only where neither it nor a helper starts or changes a process', () => {
    expect(kindOf("import { it } from 'vitest';")).toBe('unit');
    for (const name of ['child_process', 'node:child_process', 'node:worker_threads', 'node:cluster']) {
      expect(kindOf(`import { x } from '${name}';`), name).toBe('system');
      expect(kindOf(`const x = await import('${name}');`), name).toBe('system');
    }
    const helper = { path: 'test/helper.ts', text: "import 'node:child_process';", imports: [] };
    expect(kindOf("import './helper.ts';", 'test/made-up.test.ts', [helper])).toBe('system');
  });

  it('is in a process of its own where it changes what other files see', () => {
    const texts = [
      'vi.useFakeTimers();',
      "vi.stubEnv('A', '1');",
      "process.chdir('/');",
      "process.env['A'] = '1';",
      'process.env.A = `1`;',
      'globalThis.fetch = fake;',
      'delete process.env.A;',
      'process.stdout.write = take;',
    ];
    for (const text of texts) expect(kindOf(text), text).toBe('alone');
    expect(kindOf("if (process.env['A'] === '1') run();")).toBe('unit');
    expect(kindOf(MOCK)).toBe('mocked');
  });

  it('is said by the name for a lane, whatever the file holds', () => {
    expect(kindOf(MOCK, 'test/build/made-up.release.test.ts')).toBe('release');
  });
});

describe('lanes', () => {
  it('hold every test that the default lane leaves out: none is run by nobody', () => {
    const inLanes = new Set([...filesOfLanes.values()].flat());
    const forgotten = [...kinds].filter(
      ([path, kind]) => !DEFAULT_KINDS.some((name) => name === kind) && !inLanes.has(path),
    );
    expect(forgotten, 'name a lane of src/build/lanes/table.ts in the file, or leave the word out').toEqual([]);
  });

  it('hold every rare test: the lane `rare` runs each file of the default lane that has one', () => {
    const rare = filesOfLanes.get('rare') ?? [];
    const users = sources.filter(({ path, text }) => kinds.has(path) && /\bit-rarely\.ts'/.test(text));
    const inDefault = users.filter(({ path }) => DEFAULT_KINDS.some((name) => name === kinds.get(path)));
    expect(inDefault.length).toBeGreaterThan(10);
    expect(inDefault.map(({ path }) => path).filter((path) => !rare.includes(path))).toEqual([]);
  });

  it('name files that exist', () => {
    for (const [lane, files] of filesOfLanes) {
      expect(files.length, lane).toBeGreaterThan(0);
      expect(files.filter((path) => !kinds.has(path))).toEqual([]);
    }
  });

  it('are run or named as skipped by .ci/run and, where npm and git are enough, run by npm run check', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const script = readFileSync(join(ROOT, '.ci/run'), 'utf8');
    expect(script).toMatch(/^npm run --silent lanes -- --count \S+ --seed \d+ .* \|\| /m);
    for (const { name } of LANES) expect(script, `.ci/run says nothing of the lane ${name}`).toMatch(name);
    expect(scripts.check).toMatch(/ && npm test && npm run --silent lanes -- --local --seed \d+$/);
    expect(readRequest(['--local']).lanes.map(({ name }) => name)).toEqual([
      'release',
      'bench',
      'bombs',
      'stores',
      'rare',
      'built',
      'fuzz',
    ]);
    expect(readRequest([]).lanes).toEqual(LANES);
    for (const kind of DEFAULT_KINDS) expect(scripts.test).toContain(`--project ${kind}`);
  });

  it('can be asked for by name, and a wrong name says which there are', () => {
    const { lanes, before } = readRequest(['fuzz', '--count', 'a.json']);
    expect([lanes.map(({ name }) => name), before]).toEqual([['fuzz'], 'a.json']);
    expect(() => readRequest(['fuz'])).toThrow(/no lane "fuz"\. Lanes: release, bench/);
    expect(() => readRequest(['--sed', '1'])).toThrow(UsageError);
  });

  it('draw a seed where the caller gives none, and take the one that is given', () => {
    const [fuzz = expect.unreachable()] = readRequest(['fuzz']).lanes;
    const [release = expect.unreachable()] = readRequest(['release']).lanes;
    const { seed } = readRequest(['--local', '--seed', '5']);
    expect(drawSeed(fuzz, seed, { PROPERTY_SEED: '7' })).toEqual({ PROPERTY_SEED: '7' });
    expect(drawSeed(fuzz, seed, {})).toEqual({ PROPERTY_SEED: '5', PROPERTY_MOST: '250' });
    expect(Number(drawSeed(fuzz, undefined, {})['PROPERTY_SEED'])).toBeGreaterThanOrEqual(0);
    expect(drawSeed(release, seed, {})).toEqual({});
  });

  it('say what was skipped and why, and close with the sums alone on a line', () => {
    const outcomes = [
      { name: 'default', passed: 4000, failed: 0, skipped: 2 },
      { name: 'release', passed: 7, failed: 1, skipped: 0 },
      { name: 'registry', passed: 0, failed: 0, skipped: 0, reason: 'the npm registry does not answer' },
    ];
    expect(describeLanes(outcomes)).toBe(
      '\ndefault: 4000 passed, 0 failed, 2 skipped inside\nrelease: 7 passed, 1 failed\n' +
        'registry: skipped, because the npm registry does not answer\n\n4007 passed, 1 failed\n',
    );
  });
});
