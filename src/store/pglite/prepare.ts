import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UserCache, userCacheFolder } from '../../lib/files/user-cache.ts';
import type { StoreWorld } from '../contract.ts';
import { type LoadedPGlite, PGLITE_VERSION } from './load.ts';

const TEMPLATE = `store-${PGLITE_VERSION}.tar.gz`;
const SHELF = { names: /^store-[\d.]+\.tar\.gz(?:\.\d+)?$/, most: 1 };
const PART = /^data\.part-\d+$/;
/** The first one takes 2 to 10 seconds. A machine that needs longer is out of memory. */
const LONGEST_MS = 180_000;
const STDERR_BYTES = 4_000;

/**
 * What a child process runs: it makes a data folder, from a template on its input or from nothing, and may write a
 * template to its output. Making one from nothing takes 900 MB, which the operating system gets back when it ends.
 */
const CHILD = `
const [file, folder, kind] = process.argv.slice(1);
const { PGlite } = require(file);
(async () => {
  const pieces = [];
  for await (const piece of process.stdin) pieces.push(piece);
  const loadDataDir = pieces.length > 0 ? new Blob(pieces) : undefined;
  const dataDir = kind === 'template' ? undefined : folder;
  const db = await PGlite.create({ ...(dataDir ? { dataDir } : {}), ...(loadDataDir ? { loadDataDir } : {}) });
  if (kind === 'template') {
    await db.exec('checkpoint');
    const dump = Buffer.from(await (await db.dumpDataDir('gzip')).arrayBuffer());
    await new Promise((resolve) => process.stdout.write(dump, resolve));
  }
  await db.close();
})().catch((error) => { console.error(error); process.exitCode = 1; });
`;

/** Makes the data folder where there is none: beside it, and renamed when it is whole. A killed try leaves no store. */
export async function prepareDataFolder(data: string, pglite: LoadedPGlite, world: StoreWorld): Promise<void> {
  if (existsSync(data)) return;
  const parent = dirname(data);
  for (const name of readdirSync(parent))
    if (PART.test(name)) rmSync(join(parent, name), { recursive: true, force: true });
  const part = join(parent, `${basename(data)}.part-${world.pid}`);
  mkdirSync(part, { mode: 0o700 });
  try {
    await runChild(pglite.file, part, 'folder', await takeTemplate(pglite, world));
    renameSync(part, data);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

/** The template of the user's cache, made now where it is missing. Empty where there is no cache to believe in. */
async function takeTemplate(pglite: LoadedPGlite, { env, cwd, user }: StoreWorld): Promise<Buffer> {
  const folder = userCacheFolder(env, cwd);
  if (folder === undefined || user === undefined) return Buffer.alloc(0);
  const cache = new UserCache(join(folder, 'store'), user, SHELF);
  const kept = cache.read(TEMPLATE);
  if (kept !== undefined) return kept;
  const made = await runChild(pglite.file, '', 'template', Buffer.alloc(0));
  try {
    cache.write(TEMPLATE, () => made);
  } catch {
    // A cache that cannot be written costs time only.
  }
  return made;
}

/** Runs the child with bytes on its input, and returns its output. */
function runChild(file: string, folder: string, kind: 'template' | 'folder', input: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['-e', CHILD, file, folder, kind], {
      timeout: LONGEST_MS,
      killSignal: 'SIGKILL',
      env: {},
    });
    const output: Buffer[] = [];
    let complaint = '';
    child.stdout.on('data', (piece: Buffer) => output.push(piece));
    child.stderr.on('data', (piece: Buffer) => {
      if (complaint.length < STDERR_BYTES) complaint += piece.toString('utf8');
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(Buffer.concat(output));
      else
        reject(
          new Error(
            `The store could not be made (${signal ?? `exit ${code}`}): ${complaint.slice(0, STDERR_BYTES).trim()}`,
          ),
        );
    });
    // A child that ended early says why on stderr.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
