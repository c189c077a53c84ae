import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Detector } from '../detect/contract.ts';
import { createFastDetector } from '../detect/fast.ts';
import { loadPack } from '../detect/pack.ts';
import { createReferenceDetector } from '../detect/reference.ts';
import type { RuleCatalogue } from '../model/rule.ts';

/**
 * The detector of a run. The compiled rules beside a bundle are used when they were made from exactly these rules; else
 * (a pack, user rules) the rules are compiled now.
 */
export async function createDetector(
  engine: 'fast' | 'reference',
  catalogue: RuleCatalogue,
  home: string,
): Promise<Detector> {
  if (engine === 'reference') return createReferenceDetector(catalogue.detection);
  const file = join(home, 'rules.pack');
  const pack = existsSync(file) ? loadPack(await readFile(file), catalogue.detection) : undefined;
  return createFastDetector(catalogue.detection, pack === undefined ? {} : { pack });
}
