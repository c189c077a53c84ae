import { isAscii } from 'node:buffer';
import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';
import { UserCache, userCacheFolder } from '../../lib/files/user-cache.ts';

/** What Node puts around the text of a module. */
const BEGIN = '(function(exports,require,module,__filename,__dirname){';
const END = '\n})';
/** Files that are kept: enough for the versions of Bowerbird and Node that one person works with. */
const SHELF = { names: /^[a-z]+-[0-9a-f]{1,16}\.code(?:\.\d+)?$/, most: 48 };
/**
 * The last bytes of a file: length of the key before them, rank, and checksum of the code. Four bytes each,
 * little-endian.
 */
const FACT_BYTES = 12;

/** Which bundle is loaded, and in which environment. */
export interface CodeSetup {
  /** Folder of the bundle. */
  readonly home: string;
  /** Files of the bundle whose compiled code is kept. The first one is loaded first and requires the others. */
  readonly files: readonly string[];
  /** How many of them are loaded at once. Absent: only the first. */
  readonly atOnce?: number;
  /** Name of the build. */
  readonly build: string;
  /** Name of a kind of run that uses other functions than a usual one. Its code is kept apart. */
  readonly kind?: string;
  /** Compiles with the flags of V8 for which code is kept, where others may be set meanwhile. */
  readonly asBefore?: <T>(work: () => T) => T;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Loads the files of a bundle, with their compiled code where there is some. */
export interface CodeCache {
  /** The files of the bundle that were loaded, and whether kept code was used for each. */
  readonly loaded: ReadonlyMap<string, boolean>;
  /**
   * Keeps the code of all functions that have run by now, unless a run that did as much has already kept it. `found`:
   * the run had findings, so it did more than most. Never throws.
   */
  save(found: boolean): void;
}

/**
 * Compiles the first file, or takes its compiled code from the cache, and puts it where `require` finds it. Kept code
 * is run like the bundle itself. So it is read only from a folder of this user that nobody else can write to
 * (`UserCache`), and never from a scanned folder. Anything else counts as absent. Returns undefined where no code is
 * kept. The bundle is then loaded in the usual way.
 */
export function openCodeCache(setup: CodeSetup): CodeCache | undefined {
  const folder = findFolder(setup);
  const user = process.getuid?.();
  const [first] = setup.files;
  if (folder === undefined || user === undefined || first === undefined) return undefined;
  if (!existsSync(join(setup.home, first))) return undefined;
  const loader = new Loader(setup, new Store(folder, user));
  for (const name of setup.files.slice(0, setup.atOnce ?? 1)) loader.load(name);
  return loader;
}

/**
 * Returns a folder in the user's cache, unless the cache lies in what is scanned. Returns undefined on Windows, where
 * modes do not say who can write to a file.
 */
function findFolder({ env, cwd }: CodeSetup): string | undefined {
  return env['BOWERBIRD_NO_CODE_CACHE'] ? undefined : userCacheFolder(env, cwd);
}

interface LoadedFile {
  readonly script: Script;
  readonly key: string;
  /** Rank of the run that made the kept code (see `Kept`). Undefined: there was none. */
  readonly rank: number | undefined;
}

class Loader implements CodeCache {
  readonly #setup: CodeSetup;
  readonly #store: Store;
  readonly #require: NodeJS.Require;
  readonly #files = new Map<string, LoadedFile>();

  constructor(setup: CodeSetup, store: Store) {
    this.#setup = setup;
    this.#store = store;
    this.#require = createRequire(join(setup.home, 'cli.cjs'));
  }

  get loaded(): ReadonlyMap<string, boolean> {
    return new Map([...this.#files].map(([name, { rank }]) => [name, rank !== undefined]));
  }

  load(name: string): unknown {
    const path = join(this.#setup.home, name);
    const loaded = this.#require.cache[path];
    if (loaded !== undefined) return loaded.exports;
    const key = this.#keyOf(path);
    const code = this.#store.read(name, key);
    const source = readWrapped(path);
    const options = { filename: path, columnOffset: -BEGIN.length };
    const { asBefore = (compile) => compile() } = this.#setup;
    const script = asBefore(() => new Script(source, code ? { ...options, cachedData: code.code } : options));
    const rank = script.cachedDataRejected === false ? code?.rank : undefined;
    this.#files.set(name, { script, key, rank });
    return this.#run(path, script);
  }

  /** Runs a module as Node does. Whoever requires the file from now on gets the same module. */
  #run(path: string, script: Script): unknown {
    const module = new Module(path);
    module.filename = path;
    this.#require.cache[path] = module;
    const { files } = this.#setup;
    const ask = (name: string): unknown =>
      files.includes(name.slice(2)) ? this.load(name.slice(2)) : this.#require(name);
    const run = script.runInThisContext() as (...args: unknown[]) => void;
    run.call(module.exports, module.exports, ask, module, path, dirname(path));
    module.loaded = true;
    return module.exports;
  }

  /** Everything on which kept code depends. V8 itself compares its version, its flags and the length of the text. */
  #keyOf(path: string): string {
    const { size, mtimeMs } = statSync(path);
    const node = [process.version, process.versions.v8, process.arch, process.execPath];
    const { build, kind = '' } = this.#setup;
    return [build, kind, path, size, mtimeMs, ...node, process.execArgv, process.env['NODE_OPTIONS']].join('\n');
  }

  save(hadFindings: boolean): void {
    const rank = this.#files.size + (hadFindings ? 1 : 0);
    for (const [name, file] of this.#files) {
      if (file.rank !== undefined && file.rank >= rank) continue;
      try {
        this.#store.write(name, file.key, () => ({ code: file.script.createCachedData(), rank }));
      } catch {
        // The disk is full, or nobody may write there. The next start compiles again.
      }
    }
  }
}

interface Kept {
  readonly code: Buffer;
  /** Higher if the run that made the code did more: then the code has more functions. */
  readonly rank: number;
}

/** The files with kept code. Each holds the code, the key for which it was made, and facts. */
class Store {
  readonly #cache: UserCache;

  constructor(folder: string, user: number) {
    this.#cache = new UserCache(folder, user, SHELF);
  }

  read(name: string, key: string): Kept | undefined {
    const bytes = this.#cache.read(fileOf(name, key));
    return bytes && parseKept(bytes, key);
  }

  /** Writes a file. Does not call `make` where nothing can be written. */
  write(name: string, key: string, make: () => Kept): void {
    this.#cache.write(fileOf(name, key), () => joinKept(make(), key));
  }
}

function fileOf(name: string, key: string): string {
  return `${name.replace(/\.cjs$/, '').replaceAll('/', '-')}-${hashText(key)}.code`;
}

/**
 * Reads a file between the two parts that Node puts around a module. The build writes ASCII only, so no decoding is
 * needed, which would take time for a text of this size.
 */
function readWrapped(path: string): string {
  const opened = openSync(path, 'r');
  try {
    const { size } = fstatSync(opened);
    const bytes = Buffer.allocUnsafeSlow(BEGIN.length + size + END.length);
    bytes.write(BEGIN, 'latin1');
    if (readSync(opened, bytes, BEGIN.length, size, 0) !== size) throw new Error(`${path} was cut while it was read`);
    bytes.write(END, BEGIN.length + size, 'latin1');
    return bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8');
  } finally {
    closeSync(opened);
  }
}

function joinKept({ code, rank }: Kept, key: string): Buffer {
  const text = Buffer.from(key);
  const facts = Buffer.alloc(FACT_BYTES);
  for (const [at, fact] of [text.length, rank, crc32(code)].entries()) facts.writeUInt32LE(fact, at * 4);
  return Buffer.concat([code, text, facts]);
}

/**
 * Returns undefined for code that was made for another key, and for damaged code. V8 does not check the code, and
 * damaged code crashes the process.
 */
function parseKept(bytes: Buffer, key: string): Kept | undefined {
  const end = bytes.length - FACT_BYTES;
  if (end < 0) return undefined;
  const [length = 0, rank = 0, sum] = [0, 4, 8].map((at) => bytes.readUInt32LE(end + at));
  if (length > end || bytes.toString('utf8', end - length, end) !== key) return undefined;
  const code = bytes.subarray(0, end - length);
  return crc32(code) === sum ? { code, rank } : undefined;
}

/**
 * Returns a short name for a text (FNV-1a, 32 bits). It tells files apart and proves nothing. Loading `node:crypto`
 * would take 3 ms.
 */
function hashText(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16);
}
