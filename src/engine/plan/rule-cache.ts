import { createHash } from 'node:crypto';
import { digestRule, type Pack } from '../../detect/fast/pack.ts';
import { loadPack, serialisePack } from '../../detect/fast/serialise.ts';
import { UserCache } from '../../lib/files/user-cache.ts';
import type { CompiledRule } from '../../model/rule.ts';

/** Packs that are kept: those of the rule sets that one person works with. */
const SHELF = { names: /^[0-9a-f]{40}\.pack(?:\.[0-9]+)?$/, most: 8 };
const DIGEST_BYTES = 32;

/** Analyses rules. */
export type CompilePack = (rules: readonly CompiledRule[]) => Promise<Pack>;

/**
 * Analyses rules once and keeps the result in a folder of this user, by the content of the rules and the version of
 * Bowerbird. What cannot be read or written there costs time, never a finding. Where the system does not say who the
 * user is (Windows), nothing is kept: nobody could tell whose files they are.
 */
export function cachePacks(
  compile: CompilePack,
  folder: string | undefined,
  version: string,
  user: number | undefined = process.getuid?.(),
): CompilePack {
  if (folder === undefined || user === undefined) return compile;
  const cache = new UserCache(folder, user, SHELF);
  return async (rules) => {
    const name = `${keyOf(rules, version)}.pack`;
    const keptPack = parseKept(cache.read(name));
    if (keptPack !== undefined) return keptPack;
    const pack = await compile(rules);
    try {
      cache.write(name, () => withDigest(serialisePack(pack)));
    } catch {
      // No room, no permission, or another run writes it now: the next run analyses the rules again.
    }
    return pack;
  };
}

function keyOf(rules: readonly CompiledRule[], version: string): string {
  const hash = createHash('sha256').update(version);
  for (const rule of rules) hash.update(`\n${digestRule(rule)}`);
  return hash.digest('hex').slice(0, 40);
}

/** Undefined for what is damaged: analysed again. */
function parseKept(bytes: Buffer | undefined): Pack | undefined {
  if (bytes === undefined) return undefined;
  const pack = bytes.subarray(0, -DIGEST_BYTES);
  if (!digestOf(pack).equals(bytes.subarray(-DIGEST_BYTES))) return undefined;
  try {
    return loadPack(pack);
  } catch {
    return undefined;
  }
}

function withDigest(pack: Uint8Array): Buffer {
  return Buffer.concat([pack, digestOf(pack)]);
}

function digestOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
