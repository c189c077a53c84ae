import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isOutOfReach } from '../../../src/lib/files/trusted-place.ts';
import { ROOT } from '../run-bowerbird.ts';

const START = 'module.exports = { name: () => "start", more: () => require("./found.cjs").name() };';
const FOUND = 'exports.name = () => "found, from " + require("./start.cjs").name();';

let tools = '';
let parent = '';
let home = '';
let bundle = '';
const kept = (): string[] => (statSync(cache(), { throwIfNoEntry: false }) ? readdirSync(cache()).sort() : []);
const cache = (): string => join(home, '.cache', 'bowerbird');

beforeAll(() => {
  tools = mkdtempSync(join(tmpdir(), 'bowerbird-code-tools-'));
  const outfile = join(tools, 'code-cache.cjs');
  const entryPoints = [join(ROOT, 'src/cli/start/code-cache.ts')];
  buildSync({ entryPoints, outfile, bundle: true, platform: 'node', format: 'cjs' });
});

afterAll(() => rmSync(tools, { recursive: true, force: true }));

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'bowerbird-code-'));
  home = join(parent, 'home');
  bundle = join(parent, 'dist');
  mkdirSync(home);
  mkdirSync(bundle);
  writeFileSync(join(bundle, 'start.cjs'), START);
  writeFileSync(join(bundle, 'found.cjs'), FOUND);
});

afterEach(() => rmSync(parent, { recursive: true, force: true }));

interface Setup {
  readonly build?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly atOnce?: number;
  readonly kind?: string;
}

/** One start in a process of its own: what was loaded, whether its kept code served, and what its functions gave. */
function start(setup: Setup = {}, found = false): { loaded?: Record<string, boolean>; gave?: string } {
  const input = { home: bundle, build: 'b1', cwd: join(parent, 'work'), env: { HOME: home }, ...setup };
  const script = `
    const { openCodeCache } = require(${JSON.stringify(join(tools, 'code-cache.cjs'))});
    const code = openCodeCache({ ...${JSON.stringify(input)}, files: ['start.cjs', 'found.cjs'] });
    const { name, more } = require(${JSON.stringify(join(bundle, 'start'))}+(require('fs').existsSync(${JSON.stringify(join(bundle, 'start.js'))}) ? '.js' : '.cjs'));
    const gave = ${found} ? more() : name();
    const loaded = code && Object.fromEntries(code.loaded);
    code?.save(${found});
    console.log(JSON.stringify({ loaded, gave }));`;
  writeFileSync(join(parent, 'run.cjs'), script);
  const { stdout, stderr } = spawnSync(process.execPath, [join(parent, 'run.cjs')], { encoding: 'utf8' });
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout) as ReturnType<typeof start>;
}

const ALL = { 'start.cjs': true, 'found.cjs': true };

describe('openCodeCache', () => {
  it('keeps the code of another kind of run apart, and loads more of it at once where that is wanted', () => {
    const other = { kind: 'incremental', atOnce: 2 };
    expect(start().loaded).toEqual({ 'start.cjs': false });
    expect(start(other).loaded).toEqual({ 'start.cjs': false, 'found.cjs': false });
    expect(start(other).loaded).toEqual(ALL);
    expect(start().loaded).toEqual({ 'start.cjs': true });
    expect(kept()).toHaveLength(3);
  });

  it('keeps the code of the first run, and the next run is served by it', () => {
    expect(start()).toEqual({ loaded: { 'start.cjs': false }, gave: 'start' });
    expect(kept()).toEqual([expect.stringMatching(/^start-[0-9a-f]+\.code$/)]);
    expect(start()).toEqual({ loaded: { 'start.cjs': true }, gave: 'start' });
  });

  it('keeps more when a run did more, once', () => {
    start();
    const [before = ''] = kept();
    const small = statSync(join(cache(), before)).size;
    expect(start({}, true)).toEqual({ loaded: { 'start.cjs': true, 'found.cjs': false }, gave: 'found, from start' });
    expect(kept()).toHaveLength(2);
    const full = statSync(join(cache(), before));
    expect(full.size).toBeGreaterThan(small);
    expect(start({}, true)).toEqual({ loaded: ALL, gave: 'found, from start' });
    expect(start()).toEqual({ loaded: { 'start.cjs': true }, gave: 'start' });
    expect(statSync(join(cache(), before)).mtimeMs).toBe(full.mtimeMs);
  });

  it('runs the new text of a bundle that changed, also where its length is the same', () => {
    start();
    writeFileSync(join(bundle, 'start.cjs'), START.replace('"start"', '"other"'));
    utimesSync(join(bundle, 'start.cjs'), 1, 1);
    expect(start()).toEqual({ loaded: { 'start.cjs': false }, gave: 'other' });
  });

  it('takes nothing from another build, nor from another bundle', () => {
    start();
    expect(start({ build: 'b2' }).loaded).toEqual({ 'start.cjs': false });
    const [first = '', second = ''] = kept();
    writeFileSync(join(cache(), first), readFileSync(join(cache(), second)), { mode: 0o600 });
    const again = [start().loaded, start({ build: 'b2' }).loaded];
    expect(again.filter((loaded) => loaded?.['start.cjs'] === false)).toHaveLength(1);
  });

  it.each([
    ['bytes changed', (bytes: Buffer) => bytes.fill(0x55, 30, 40)],
    ['a byte far inside changed', (bytes: Buffer) => bytes.fill(bytes[400] === 1 ? 2 : 1, 400, 401)],
    ['the end is missing', (bytes: Buffer) => bytes.subarray(0, -9)],
    ['the begin is missing', (bytes: Buffer) => bytes.subarray(64)],
    ['all is zero', (bytes: Buffer) => Buffer.alloc(bytes.length)],
    ['nothing is in it', () => Buffer.alloc(0)],
  ])('compiles again where %s, and mends the file', (_, damage) => {
    start();
    const file = join(cache(), kept()[0] ?? '');
    writeFileSync(file, damage(readFileSync(file)));
    expect(start()).toEqual({ loaded: { 'start.cjs': false }, gave: 'start' });
    expect(start().loaded).toEqual({ 'start.cjs': true });
  });

  it.each([
    ['others can read the folder', () => chmodSync(cache(), 0o755)],
    ['others can write to the home', () => chmodSync(home, 0o777)],
    ['others can read the file', () => chmodSync(join(cache(), kept()[0] ?? ''), 0o644)],
    ['the file has a second name', () => linkSync(join(cache(), kept()[0] ?? ''), join(parent, 'second'))],
    ['the home is a work tree', () => mkdirSync(join(home, '.git'))],
    ['the home belongs to a linked work tree', () => writeFileSync(join(home, '.git'), 'gitdir: elsewhere')],
  ])('runs no code that was kept where %s', (_, loosen) => {
    start();
    expect(start().loaded).toEqual({ 'start.cjs': true });
    loosen();
    expect(start()).toEqual({ loaded: { 'start.cjs': false }, gave: 'start' });
  });

  it('runs no code from what is scanned, and writes none there', () => {
    expect(start({ cwd: home })).toEqual({ gave: 'start' });
    expect(start({ cwd: parent, env: { XDG_CACHE_HOME: join(parent, 'cache') } })).toEqual({ gave: 'start' });
    mkdirSync(join(home, '.git'));
    start();
    expect(kept()).toEqual([]);
  });

  it('follows no link out of a place that is safe by name', () => {
    const shared = join(parent, 'shared');
    mkdirSync(shared);
    chmodSync(shared, 0o777);
    symlinkSync(shared, join(home, '.cache'));
    start();
    expect(start().loaded).toEqual({ 'start.cjs': false });
    expect(readdirSync(shared)).toEqual([]);
  });

  it.each([
    ['no home', {}],
    ['a home that is no folder', { HOME: '/dev/null' }],
    ['a home that is not there', { HOME: '/nonexistent/home' }],
    ['a relative home', { HOME: 'home' }],
  ])('says nothing where there is %s', (_, env) => {
    expect(start({ env }).gave).toBe('start');
    expect(start({ env }).loaded?.['start.cjs']).not.toBe(true);
  });

  it('keeps nothing where that is switched off', () => {
    start({ env: { HOME: home, BOWERBIRD_NO_CODE_CACHE: '1' } });
    expect(kept()).toEqual([]);
  });

  it('keeps the code of the last builds only', () => {
    for (let build = 0; build < 54; build += 1) start({ build: `b${build}` });
    expect(kept()).toHaveLength(48);
    expect(start({ build: 'b53' }).loaded).toEqual({ 'start.cjs': true });
  });

  it('takes the word of no other user', () => {
    const user = process.getuid?.() ?? 0;
    expect(isOutOfReach(user, home)).toBe(true);
    if (user === 0) chownSync(home, 12345, 12345);
    expect(isOutOfReach(user === 0 ? 0 : user + 1, home)).toBe(false);
  });

  it('leaves a bundle alone that is made otherwise', () => {
    rmSync(join(bundle, 'start.cjs'));
    writeFileSync(join(bundle, 'start.js'), START);
    expect(start()).toEqual({ gave: 'start' });
  });
});
