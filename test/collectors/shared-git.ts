import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { expect, onTestFinished, TestRunner } from 'vitest';
import type { CollectContext, Collected, SourceCollector } from '../../src/collectors/contract.ts';
import type { Origin } from '../../src/model/artifact.ts';
import type { Gap, Skip } from '../../src/model/gap.ts';
import { readItems } from './read-items.ts';

/** A new folder. One that a test makes is removed after it, every other one at the end of the run. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bowerbird-git-'));
  // Not a hook of this module: files that share a process load it once, so its hooks would be those of the first file.
  if (TestRunner.getCurrentTest() !== undefined) {
    onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  }
  return folder;
}

/** Environment of every git call in tests: fixed people and dates, no configuration of this machine. */
export const gitEnv: Readonly<Record<string, string>> = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ada Author',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_AUTHOR_DATE: '2024-01-02T03:04:05Z',
  GIT_COMMITTER_NAME: 'Carl Committer',
  GIT_COMMITTER_EMAIL: 'carl@example.com',
  GIT_COMMITTER_DATE: '2024-01-02T03:04:05Z',
};

/** Settings of the calls that make a repository: no process that tidies up after a commit. */
const SETTINGS: Readonly<Record<string, string>> = {
  GIT_CONFIG_COUNT: '3',
  GIT_CONFIG_KEY_0: 'protocol.file.allow',
  GIT_CONFIG_VALUE_0: 'always',
  GIT_CONFIG_KEY_1: 'maintenance.auto',
  GIT_CONFIG_VALUE_1: 'false',
  GIT_CONFIG_KEY_2: 'gc.auto',
  GIT_CONFIG_VALUE_2: '0',
};

/** One program instead of two: to start one from a large Node process costs more than what git does. */
const COMMIT = 'git add -A && git commit -q --allow-empty -m "$1"';

/** Files (text) and folders (undefined) of an empty repository, by the arguments of `git init` that made it. */
const skeletons = new Map<string, ReadonlyMap<string, string | undefined>>();

/** What `git init` has made in a folder, without the samples of hooks. */
function readSkeleton(folder: string): ReadonlyMap<string, string | undefined> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    entries.flatMap((entry): [string, string | undefined][] => {
      const file = join(entry.parentPath, entry.name);
      if (entry.isDirectory()) return [[relative(folder, file), undefined]];
      return entry.name.endsWith('.sample') ? [] : [[relative(folder, file), readFileSync(file, 'utf8')]];
    }),
  );
}

/** A repository in a temporary folder. */
export class TestRepository {
  readonly folder: string;
  #seconds = 0;

  constructor(options: { readonly bare?: boolean; readonly format?: string; readonly folder?: string } = {}) {
    this.folder = options.folder ?? temporaryFolder();
    if (existsSync(join(this.folder, '.git'))) return;
    const format = options.format ? [`--object-format=${options.format}`] : [];
    const args = ['init', '-q', '-b', 'main', ...(options.bare ? ['--bare'] : []), ...format];
    const known = skeletons.get(args.join(' '));
    if (known === undefined) {
      this.git(...args);
      skeletons.set(args.join(' '), readSkeleton(this.folder));
    } else for (const [path, content] of known) this.#make(path, content);
  }

  /** Writes a file of an empty repository, or makes a folder of it. */
  #make(path: string, content: string | undefined): void {
    if (content === undefined) mkdirSync(join(this.folder, path), { recursive: true });
    else this.write(path, content);
  }

  /** Runs git and gives its output without the last newline. */
  git(...args: readonly string[]): string {
    return this.run({}, ...args);
  }

  run(env: Readonly<Record<string, string>>, ...args: readonly string[]): string {
    return this.#start('git', args, env);
  }

  #start(program: string, args: readonly string[], env: Readonly<Record<string, string>>): string {
    const variables = { ...gitEnv, ...SETTINGS, ...this.#date(), ...env };
    const options = { cwd: this.folder, env: variables, encoding: 'utf8', stdio: 'pipe' } as const;
    return execFileSync(program, args, options).replace(/\n$/, '');
  }

  write(path: string, content: string | Uint8Array): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  /** Writes files, stages everything and commits. Gives the commit's id. */
  commit(message: string, files: Readonly<Record<string, string | Uint8Array>> = {}): string {
    for (const [path, content] of Object.entries(files)) this.write(path, content);
    this.#start('sh', ['-c', COMMIT, 'sh', message], {});
    return this.#readHead() ?? this.git('rev-parse', 'HEAD');
  }

  /** Reads the id of the commit that was just made; undefined where it stands in no file of its own. */
  #readHead(): string | undefined {
    const read = (path: string): string => readFileSync(join(this.folder, '.git', path), 'utf8').trim();
    try {
      const head = read('HEAD');
      const id = head.startsWith('ref: ') ? read(head.slice('ref: '.length)) : head;
      return /^[0-9a-f]{40,64}$/.test(id) ? id : undefined;
    } catch {
      return undefined;
    }
  }

  /** Id of the blob with this content, which need not exist. */
  blob(content: string): string {
    return execFileSync('git', ['hash-object', '--stdin'], {
      cwd: this.folder,
      env: gitEnv,
      input: content,
      encoding: 'utf8',
    }).trim();
  }

  /** Each call is a second later, so that the order of commits is fixed. */
  #date(): Record<string, string> {
    this.#seconds += 1;
    const date = new Date(Date.UTC(2024, 0, 2, 3, 4, 5) + this.#seconds * 1000).toISOString();
    return { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
  }
}

/** An artifact as tests look at it: its bytes are copied. */
export interface Seen extends Origin {
  readonly text: string;
  /** Text of the ranges; absent where everything is new. */
  readonly added?: readonly string[];
}

/** Everything a collector gave. */
export interface Gathered {
  readonly items: readonly Collected[];
  readonly seen: readonly Seen[];
  readonly gaps: readonly Gap[];
  readonly skips: readonly Skip[];
  readonly facts: Readonly<Record<string, string | number | boolean>>;
  /** Content artifacts only, text by path. */
  readonly files: Readonly<Record<string, string>>;
}

export interface GatherOptions {
  readonly cwd?: string;
  readonly value?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly options?: CollectContext['options'];
  readonly fileBytes?: number;
  readonly signal?: AbortSignal;
  readonly online?: boolean;
}

/** The context that tests give to collectors. */
export function testContext(options: GatherOptions): CollectContext {
  return {
    now: new Date('2024-06-01T00:00:00Z'),
    env: options.env ?? gitEnv,
    cwd: options.cwd ?? '/',
    limits: {
      fileBytes: options.fileBytes ?? 10_000_000,
      decodedBytes: 10_000_000,
      decodeDepth: 3,
      decodeRatio: 100,
      archiveEntries: 100,
      declarationFiles: 100,
      requestTimeout: 1_000,
      pages: 10,
    },
    ...(options.online ? { network: { fetch: () => Promise.reject(new Error('no HTTP in this test')) } } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
    sleep: () => Promise.resolve(),
    options: options.options ?? {},
  };
}

/** Runs a collector to its end and checks that everything planned is accounted for. */
export async function gather(collector: SourceCollector, options: GatherOptions = {}): Promise<Gathered> {
  const items: Collected[] = [];
  const seen: Seen[] = [];
  const value = options.value ?? '';
  const address = { scheme: collector.scheme, value, text: `${collector.scheme}:${value}` };
  for await (const item of readItems(collector.collect(testContext(options), address))) {
    items.push(
      item.kind === 'artifact' ? { ...item, artifact: { ...item.artifact, bytes: item.artifact.bytes.slice() } } : item,
    );
    if (item.kind === 'artifact' && !isAboutRefs(item)) seen.push(toSeen(item.artifact));
  }
  expectAccounted(items);
  return {
    items,
    seen,
    gaps: items.flatMap((item) => (item.kind === 'gap' ? [item.gap] : [])),
    skips: items.flatMap((item) => (item.kind === 'skip' ? [item.skip] : [])),
    facts: Object.assign({}, ...items.map((item) => (item.kind === 'plan' ? item.facts : {}))),
    files: Object.fromEntries(seen.filter((one) => one.part === undefined).map((one) => [one.path, one.text])),
  };
}

/** Reflogs and names of refs: every repository has them, and `test/regressions` has a test of their own. */
function isAboutRefs({ scope, artifact }: Extract<Collected, { kind: 'artifact' }>): boolean {
  return scope === 'configuration' && /(?:^|\/)(?:packed-refs|refs|logs\/.*)$/.test(artifact.origin.path);
}

/** Planned equals artifacts, skips, gaps and done, in every scope. Scope gaps stand for more than one planned thing. */
function expectAccounted(items: readonly Collected[]): void {
  const open = new Map<string, number>();
  const add = (scope: string, count: number) => open.set(scope, (open.get(scope) ?? 0) + count);
  for (const item of items) {
    if (item.kind === 'plan') add(item.scope, item.count);
    if (item.kind === 'artifact' || item.kind === 'skip') add(item.scope, -1);
    if (item.kind === 'gap' && item.gap.scope !== true) add(item.scope, -1);
    if (item.kind === 'done') add(item.scope, -item.count);
  }
  expect(Object.fromEntries([...open].filter(([, count]) => count !== 0))).toEqual({});
}

function toSeen(artifact: Extract<Collected, { kind: 'artifact' }>['artifact']): Seen {
  const bytes = Buffer.from(artifact.bytes);
  const added = artifact.ranges?.map(({ start, end }) => bytes.toString('utf8', start, end));
  return { ...artifact.origin, text: bytes.toString('utf8'), ...(added ? { added } : {}) };
}

/** Writes an executable script. */
export function writeScript(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, 0o755);
}

/**
 * Plants a configuration in which every setting that can start a program starts one, and gives a function that tells
 * which of them ran.
 */
export function plantHostileConfig(repository: TestRepository): () => boolean {
  const folder = temporaryFolder();
  const marker = join(folder, 'ran');
  const program = join(folder, 'program');
  writeScript(program, `#!/bin/sh\necho "$0 $*" >> '${marker}'\nexit 1\n`);
  const settings: readonly (readonly [string, string])[] = [
    ['core.fsmonitor', program],
    ['core.sshCommand', program],
    ['core.gitProxy', program],
    ['core.pager', program],
    ['core.editor', program],
    ['core.askPass', program],
    ['core.alternateRefsCommand', program],
    ['core.hooksPath', join(folder, 'hooks')],
    ['pager.diff-index', program],
    ['pager.rev-list', program],
    ['pager.cat-file', program],
    ['credential.helper', `!${program}`],
    ['diff.external', program],
    ['diff.evil.command', program],
    ['diff.evil.textconv', program],
    ['filter.evil.clean', program],
    ['filter.evil.smudge', program],
    ['filter.evil.process', program],
    ['filter.evil.required', 'true'],
    ['gpg.program', program],
    ['log.showSignature', 'true'],
    ['uploadpack.packObjectsHook', program],
    ['alias.rev-list', `!${program}`],
    ['alias.cat-file', `!${program}`],
    ['merge.evil.driver', program],
    ['remote.origin.url', `ext::${program} %S`],
    ['remote.origin.uploadpack', program],
    ['remote.origin.promisor', 'true'],
    ['remote.origin.partialclonefilter', 'blob:none'],
    ['protocol.ext.allow', 'always'],
    ['extensions.partialClone', 'origin'],
  ];
  const gitDirectory = repository.git('rev-parse', '--absolute-git-dir');
  repository.git('config', 'core.repositoryFormatVersion', '1');
  for (const [key, value] of settings) repository.git('config', key, value);
  mkdirSync(join(gitDirectory, 'info'), { recursive: true });
  writeFileSync(join(gitDirectory, 'info', 'attributes'), '* diff=evil filter=evil merge=evil\n');
  for (const hook of ['post-index-change', 'reference-transaction', 'pre-commit', 'post-checkout']) {
    writeScript(join(folder, 'hooks', hook), `#!/bin/sh\nexec '${program}' ${hook}\n`);
    writeScript(join(gitDirectory, 'hooks', hook), `#!/bin/sh\nexec '${program}' ${hook}\n`);
  }
  return () => existsSync(marker);
}
