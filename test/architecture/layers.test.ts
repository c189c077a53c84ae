import { basename, dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSources, type SourceFile } from './source-files.ts';

const sources = readSources('src');

const STAGES = ['collectors', 'decoders', 'detect', 'posture', 'verifiers', 'correlate', 'risk', 'reporters'];
const FRONTS = ['cli', 'action', 'hook'];

/** Folder to the folders it may import besides itself. Type imports count. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  model: [],
  lib: [],
  git: ['lib'],
  permissions: ['model', 'lib'],
  config: ['model', 'lib'],
  ruleset: ['model', 'lib'],
  flags: ['model', 'lib'],
  ...Object.fromEntries(STAGES.map((stage) => [stage, ['model', 'lib', 'git', 'permissions', 'clients']])),
  engine: [...STAGES, 'model', 'lib', 'git', 'config', 'ruleset'],
  // The organisation. Nothing that a commit waits for loads it.
  clients: ['model', 'lib'],
  mirrors: ['git', 'model', 'lib'],
  hosts: ['clients', 'git', 'model', 'lib'],
  store: ['model', 'lib'],
  outputs: ['clients', 'model', 'lib'],
  fleet: ['engine', 'hosts', 'mirrors', 'outputs', 'store', 'model', 'lib'],
  ...Object.fromEntries(FRONTS.map((front) => [front, ['engine', 'config', 'flags', 'model', 'lib', 'git']])),
  build: [
    ...STAGES,
    ...FRONTS,
    'engine',
    'outputs',
    'permissions',
    'flags',
    'model',
    'lib',
    'git',
    'config',
    'ruleset',
  ],
  index: ['engine', 'ruleset', 'model', ...STAGES],
};

/** Rules, hooks and explanations are commands of their own: the command line may call these stages directly. */
const EXCEPTIONS = new Set(['cli>hook', 'cli>ruleset']);

/** Room of the engine to the rooms it may look into, and the files that are the doors there. */
const DOORS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  plan: {},
  gather: { plan: ['contract', 'contexts', 'known-names', 'stage'] },
  judge: { plan: ['contract'], gather: ['contract'] },
  ask: { plan: ['contract', 'known-names', 'limits', 'targets'], scan: ['scan'] },
  seal: { plan: ['contract'], gather: ['contract', 'join-gathered'], judge: ['assemble', 'mask', 'mask-tools'] },
  scan: { plan: ['contract', 'make-plan'], gather: ['gather'], judge: ['judge', 'report'] },
};

/** Folders of `detect` behind the door `detect/fast.ts`. */
const MACHINERY = /^src\/detect\/(?:analyse|automaton|fast|wasm)\//;

/** Who may look behind that door, and why. A path that ends with a slash stands for the folder. */
const MAY_LOOK_BEHIND: Readonly<Record<string, string>> = {
  'src/detect/': 'the machinery itself',
  'src/build/': 'compiles the built-in rules, and counts what they cost',
  'src/engine/plan/detector.ts': 'opens the compiled rules beside the bundle',
  'src/engine/plan/rule-cache.ts': "keeps compiled rules of the user in the user's own cache",
};

/** Most files directly in the engine, and in each folder under it. */
const MOST_FILES = 18;

/** `plan`, `gather`, `judge`, `ask`, or `scan` for the file that strings them together; empty outside of the engine. */
const roomOf = (path: string): string =>
  path.startsWith('src/engine/') ? (path.split('/')[2] ?? '').replace(/\.ts$/, '') : '';

const folderOf = (path: string): string => (path.split('/')[1] ?? '').replace(/\.ts$/, '');

describe('layers', () => {
  it('sees the whole source', () => {
    expect(sources.length).toBeGreaterThan(50);
  });

  it('imports only downwards', () => {
    const wrong: string[] = [];
    for (const file of sources) {
      const from = folderOf(file.path);
      for (const target of file.imports) {
        const to = folderOf(target);
        const allowed = from === to || (ALLOWED[from] ?? []).includes(to) || EXCEPTIONS.has(`${from}>${to}`);
        if (!allowed) wrong.push(`${file.path} -> ${target}`);
      }
    }
    expect(
      wrong,
      'an import may only go down (see ALLOWED): move what both need into model or lib, or let the engine pass it in',
    ).toEqual([]);
  });

  it('lets the rooms of the engine know each other through named doors, in one direction', () => {
    const wrong: string[] = [];
    for (const file of sources.filter(({ path }) => roomOf(path) !== '')) {
      for (const target of file.imports) {
        const [from, to] = [roomOf(file.path), roomOf(target)];
        if (to === '' || from === to) continue;
        if (!(DOORS[from]?.[to] ?? []).includes(basename(target, '.ts'))) wrong.push(`${file.path} -> ${target}`);
      }
    }
    expect(wrong, 'go through a door (see DOORS), or move the code to the room that needs it').toEqual([]);
  });

  it('keeps the engine and each of its rooms small', () => {
    const folders = new Map<string, number>();
    for (const { path } of sources.filter((file) => folderOf(file.path) === 'engine')) {
      folders.set(dirname(path), (folders.get(dirname(path)) ?? 0) + 1);
    }
    const crowded = [...folders].filter(([, files]) => files > MOST_FILES);
    expect(crowded, `part these folders: at most ${MOST_FILES} files in each`).toEqual([]);
    expect(folders.get('src/engine'), 'only scan.ts lies in src/engine itself; put the others into a room').toBe(1);
  });

  it('keeps plug-ins apart: no plug-in imports a sibling', () => {
    const plugins = new Set(sources.filter(isPlugin).map((file) => file.path));
    const wrong: string[] = [];
    for (const file of sources.filter(isPlugin)) {
      for (const target of file.imports) if (plugins.has(target)) wrong.push(`${file.path} -> ${target}`);
    }
    expect(wrong, 'move what both plug-ins need into the folder shared/').toEqual([]);
  });

  it('keeps the machinery of detect behind its door', () => {
    const usesOf = (name: string): readonly string[] =>
      sources
        .filter(({ path }) => (name.endsWith('/') ? path.startsWith(name) : path === name))
        .flatMap(({ imports }) => imports.filter((target) => MACHINERY.test(target)));
    const isAllowed = (path: string): boolean =>
      Object.keys(MAY_LOOK_BEHIND).some((name) => (name.endsWith('/') ? path.startsWith(name) : path === name));
    const wrong = sources
      .filter(({ path }) => !isAllowed(path))
      .flatMap(({ path, imports }) => imports.filter((to) => MACHINERY.test(to)).map((to) => `${path} -> ${to}`));
    expect(wrong, 'use createFastDetector of src/detect/fast.ts; its oracle is src/detect/reference.ts').toEqual([]);
    const idle = Object.keys(MAY_LOOK_BEHIND).filter((name) => usesOf(name).length === 0);
    expect(idle, 'take these out of MAY_LOOK_BEHIND: they do not look behind the door any more').toEqual([]);
  });

  it('has no cycle, type imports included', () => {
    expect(findCycles(sources), 'break each circle: move what both need into a file of its own').toEqual([]);
  });

  it('names no provider in the engine', () => {
    const providers = /\b(?:github|gitlab|aws|azure|slack|stripe|kubernetes|terraform)\b/i;
    const engine = sources.filter((file) => folderOf(file.path) === 'engine');
    const naming = engine.filter((file) => providers.test(file.text)).map((file) => file.path);
    expect(naming, 'move what only one provider needs into its plug-in').toEqual([]);
  });

  it('lets only fronts, library and lib touch clock, environment and network', () => {
    const world = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bprocess\.env\b|(?<![.\w])fetch\((?!url: string)/;
    const free = new Set([...FRONTS, 'lib', 'git', 'build', 'index']);
    const stages = sources.filter((file) => !free.has(folderOf(file.path)));
    const code = (text: string): string =>
      text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').replace(/'[^'\n]*'|`[^`]*`/g, "''");
    const worldly = stages.filter((file) => world.test(code(file.text))).map((file) => file.path);
    expect(worldly, 'take the clock, the environment or the network from the context').toEqual([]);
  });

  it('asks in one module only what differs between systems', () => {
    const asks =
      /\bprocess\.platform\b|\bO_(?:NOFOLLOW|NONBLOCK)\b|\bimport \{[^}]*\b(?:sep|delimiter|win32)\b[^}]*\} from 'node:path'|\bPATHEXT\b|'(?:win32|darwin)'/;
    const code = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    const asking = sources.filter((file) => asks.test(code(file.text))).map((file) => file.path);
    expect(asking).toEqual(['src/lib/system.ts']);
  });
});

function isPlugin(file: SourceFile): boolean {
  return /^export default define[A-Z]/m.test(file.text);
}

/** Strongly connected files, found by depth-first search; each cycle as the path that closes it. */
function findCycles(files: readonly SourceFile[]): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const state = new Map<string, 'open' | 'done'>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      return;
    }
    state.set(path, 'open');
    for (const target of byPath.get(path)?.imports ?? []) if (byPath.has(target)) visit(target, [...trail, path]);
    state.set(path, 'done');
  };
  for (const file of files) visit(file.path, []);
  return cycles;
}
