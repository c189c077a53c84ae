import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Detector } from '../detect/contract.ts';
import { loadPack } from '../detect/fast/serialise.ts';
import { compileNow, createFastDetector } from '../detect/fast.ts';
import { followCompanions } from '../detect/follow-companions.ts';
import { createReferenceDetector } from '../detect/reference.ts';
import { widenChanges } from '../detect/widen-changes.ts';
import type { CompiledRule, RuleCatalogue } from '../model/rule.ts';
import type { CompilePack } from './rule-cache.ts';

/** Rules that the build analysed, beside the bundle. */
const PACK_FILE = 'rules.pack';

/**
 * The detector of a run. Rules analysed at build time come from the pack beside the bundle; rules that it lacks (the
 * user's) are analysed by `compile`.
 */
export async function createDetector(
  engine: 'fast' | 'reference',
  catalogue: RuleCatalogue,
  home: string,
  compile: CompilePack = compileNow,
): Promise<Detector> {
  const rules = catalogue.detection;
  const detector = await createPlainDetector(engine, rules, home, compile);
  return widenChanges(followCompanions(detector, rules));
}

async function createPlainDetector(
  engine: 'fast' | 'reference',
  rules: readonly CompiledRule[],
  home: string,
  compile: CompilePack,
): Promise<Detector> {
  if (engine === 'reference') return createReferenceDetector(rules);
  const file = join(home, PACK_FILE);
  const pack = existsSync(file) ? loadPack(await readFile(file)) : undefined;
  return createFastDetector(rules, { compile, ...(pack === undefined ? {} : { pack }) });
}
