import type { Detector } from '../detect/contract.ts';
import { createReferenceDetector } from '../detect/reference.ts';
import type { RuleCatalogue } from '../model/rule.ts';

/** The detector of a run. */
export async function createDetector(
  _engine: 'fast' | 'reference',
  catalogue: RuleCatalogue,
  _home: string,
): Promise<Detector> {
  return createReferenceDetector(catalogue.detection);
}
