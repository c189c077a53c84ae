import { createHash } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestRule, type Pack } from '../../detect/fast/pack.ts';
import { loadPack, serialisePack } from '../../detect/fast/serialise.ts';
import type { CompiledRule } from '../../model/rule.ts';

/** Packs that are kept: those of the rule sets that one person works with. */
const KEPT = 8;
const DIGEST_BYTES = 32;
/** Others may not write there: who can change a pack can hide a secret from it. */
const OTHERS_WRITE = 0o022;

/** Analyses rules. */
export type CompilePack = (rules: readonly CompiledRule[]) => Promise<Pack>;

/** Folder where analysed rules of the user are kept; undefined where the environment names no home. */
export function findRuleCache(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const { XDG_CACHE_HOME, LOCALAPPDATA, HOME } = env;
  if (XDG_CACHE_HOME) return join(XDG_CACHE_HOME, 'bowerbird');
  if (LOCALAPPDATA) return join(LOCALAPPDATA, 'bowerbird', 'cache');
  return HOME ? join(HOME, '.cache', 'bowerbird') : undefined;
}

/**
 * Analyses rules once and keeps the result in a folder, by the content of the rules and the version of Bowerbird. What cannot be
 * read or written there costs time, never a finding.
 */
export function cachePacks(compile: CompilePack, folder: string | undefined, version: string): CompilePack {
  if (folder === undefined) return compile;
  return async (rules) => {
    const file = join(folder, `${keyOf(rules, version)}.pack`);
    const known = await readCached(folder, file);
    if (known !== undefined) return known;
    const pack = await compile(rules);
    await writeCached(folder, file, serialisePack(pack)).catch(() => {
      // No room or no permission: the next run analyses the rules again.
    });
    return pack;
  };
}

function keyOf(rules: readonly CompiledRule[], version: string): string {
  const hash = createHash('sha256').update(version);
  for (const rule of rules) hash.update(`\n${digestRule(rule)}`);
  return hash.digest('hex').slice(0, 40);
}

async function readCached(folder: string, file: string): Promise<Pack | undefined> {
  try {
    if (!(await isPrivate(folder))) return undefined;
    const bytes = await readFile(file);
    const pack = bytes.subarray(0, -DIGEST_BYTES);
    if (!digestOf(pack).equals(bytes.subarray(-DIGEST_BYTES))) return undefined;
    return loadPack(pack);
  } catch {
    // Not there, or not readable: analysed again.
    return undefined;
  }
}

/** Written beside and renamed, so that nobody reads half a file. */
async function writeCached(folder: string, file: string, pack: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (!(await isPrivate(folder))) return;
  const part = `${file}.${process.pid}`;
  await writeFile(part, Buffer.concat([pack, digestOf(pack)]), { mode: 0o600, flag: 'wx' });
  await rename(part, file);
  await prune(folder);
}

async function prune(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => /^[0-9a-f]{40}\.pack(?:\.[0-9]+)?$/.test(name));
  const files = names.map((name) => join(folder, name));
  const aged = await Promise.all(files.map(async (file) => ({ file, time: (await stat(file)).mtimeMs })));
  for (const { file } of aged.sort((a, b) => b.time - a.time).slice(KEPT)) await unlink(file);
}

/** True for a real folder that belongs to this user and that nobody else can write to. */
async function isPrivate(folder: string): Promise<boolean> {
  const facts = await lstat(folder);
  if (!facts.isDirectory()) return false;
  return process.getuid === undefined || (facts.uid === process.getuid() && (facts.mode & OTHERS_WRITE) === 0);
}

function digestOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
