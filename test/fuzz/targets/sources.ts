import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import stdin from '../../../src/collectors/stdin.ts';
import { contextOf } from '../../collectors/source-context.ts';
import type { FuzzTarget } from '../shared/fuzz.ts';
import { scanAndRender } from '../shared/judged.ts';
import { nameInput, readNamed } from '../shared/named.ts';
import { PASSWORD, TOKEN } from '../shared/secrets.ts';
import type { SampleStore } from '../shared/store.ts';
import { DECLARATIONS } from './declarations.ts';
import { DECODER_INPUTS } from './decoders.ts';

const ENV = `TOKEN=${TOKEN}\nDB_PASSWORD="${PASSWORD}" # note\nexport A='b'\nURL=https://u:${PASSWORD}@db.example.com/x\n`;
const NPMRC = `//registry.npmjs.org/:_authToken=${TOKEN}\n_password=${Buffer.from(PASSWORD).toString('base64')}\n`;
const PYPIRC = `[pypi]\nusername = __token__\npassword = ${PASSWORD}\n`;
const NETRC = `machine api.example.com login me password ${PASSWORD}\n`;
const NOTEBOOK = JSON.stringify({ cells: [{ cell_type: 'code', source: [`k = "${TOKEN}"\n`] }], nbformat: 4 });

/** Where seeds of other targets stand in a tree, beside files that no plug-in reads but detection. */
const TREE: readonly (readonly [string, string | Uint8Array])[] = [
  ['.env', ENV],
  ['.npmrc', NPMRC],
  ['.pypirc', PYPIRC],
  ['.netrc', NETRC],
  ['a.ipynb', NOTEBOOK],
  ...Object.entries(DECODER_INPUTS).flatMap(([id, { seeds }]) =>
    seeds.map((seed) => [`data/${id}.bin`, seed] as const),
  ),
  ...DECLARATIONS.flatMap(({ name, seeds }) => seeds.map((seed) => [name.replace(/^.*, /, ''), seed] as const)),
];

const REPOSITORY_PIECES = [
  'ref: refs/heads/main\n',
  '[core]\n',
  '[include]\n\tpath = config\n',
  'worktree = /\n',
  'bare = true\n',
  '[extensions]\n\tobjectFormat = sha256\n',
  'a'.repeat(40),
  '0'.repeat(40),
  '# pack-refs with: peeled\n',
  '^',
  '../',
  'gitdir: .\n',
];

/** Files of `.git` that are not in every repository, with what they may hold. */
const UNUSUAL: readonly (readonly [string, string])[] = [
  ['shallow', `${'a'.repeat(40)}\n`],
  ['objects/info/alternates', '../../other/objects\n'],
  ['commondir', '..\n'],
  ['info/grafts', `${'a'.repeat(40)} ${'b'.repeat(40)}\n`],
  ['packed-refs.lock', ''],
  ['modules/x/config', '[core]\n\tbare = true\n'],
];

/** Whole scans: gather, judge and every report format behind the parsers. */
export function sourceTargets(store: SampleStore, validate: ValidateFunction): readonly FuzzTarget[] {
  const paths = [...new Set(TREE.map(([path]) => path))];
  const names = [...store.files.keys(), ...UNUSUAL.map(([name]) => name)];
  const repository = (name: string, target: string): FuzzTarget => ({
    name,
    seeds: [...store.files, ...UNUSUAL].map(([file, bytes]) => nameInput(file, bytes)),
    pieces: [...REPOSITORY_PIECES, ...names.map((file) => `${file}\n`)],
    tries: 1,
    read: (input) => {
      const { name: file, content } = readNamed(input, names);
      return store.withFile(file, content, async (folder) => {
        await scanAndRender(folder, { targets: [target] }, validate);
      });
    },
  });
  return [
    {
      name: 'collector files, and every stage behind it',
      seeds: TREE.map(([path, seed]) => nameInput(path, seed)),
      pieces: paths.map((path) => `${path}\n`),
      tries: 3,
      read: (input) => {
        const { name, content } = readNamed(input, paths);
        return withTree({ [name]: content, '.env': name === '.env' ? content : ENV }, (folder) =>
          scanAndRender(folder, { targets: ['.'] }, validate),
        );
      },
    },
    {
      name: 'collector stdin',
      seeds: [ENV, ''],
      read: async (input) => {
        const half = input.length >> 1;
        const parts = [input.subarray(0, half), input.subarray(half)];
        const context = contextOf({}, { fileBytes: 200 });
        const address = { scheme: 'stdin', value: '-', text: '-' };
        const sizes: number[] = [];
        for await (const item of stdin.collect({ ...context, stdin: streamOf(parts) }, address)) {
          if (item.kind === 'artifact') sizes.push(item.artifact.bytes.length);
        }
        expect(sizes.every((size) => size <= 200)).toBe(true);
      },
    },
    repository('collector git', 'git:.'),
    repository('collector staged', 'staged:'),
    repository('collector range', `range:${store.head}~1...HEAD`),
  ];
}

async function* streamOf(parts: readonly Buffer[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield await Promise.resolve(part);
}

async function withTree(
  files: Readonly<Record<string, Uint8Array | string>>,
  work: (folder: string) => Promise<unknown>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bowerbird-fuzz-tree-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
