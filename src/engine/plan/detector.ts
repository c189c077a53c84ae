import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Detector } from '../../detect/contract.ts';
import { openPack } from '../../detect/fast/serialise.ts';
import { compileNow, createFastDetector } from '../../detect/fast.ts';
import { followCompanions } from '../../detect/follow-companions.ts';
import { widenChanges } from '../../detect/widen-changes.ts';
import { defined } from '../../lib/fields/defined.ts';
import { loadRe2 } from '../../lib/linear/re2.ts';
import type { RuleCatalogue } from '../../model/rule.ts';
import { readRules } from '../../model/rule-head.ts';
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
  const detector = await createPlainDetector(engine, catalogue, home, compile);
  return widenChanges(followCompanions(detector, catalogue.detection));
}

async function createPlainDetector(
  engine: 'fast' | 'reference',
  { detection }: RuleCatalogue,
  home: string,
  compile: CompilePack,
): Promise<Detector> {
  if (engine === 'reference') {
    const { createReferenceDetector } = await import('../../detect/reference.ts');
    return createReferenceDetector(readRules(detection));
  }
  const file = join(home, PACK_FILE);
  const pack = existsSync(file) ? openPack(file) : undefined;
  const re2 = detection.every((head) => head.digest !== undefined) ? undefined : loadRe2(home);
  return createFastDetector(detection, { compile, ...defined({ pack }), ...(re2 && { re2 }) });
}
