import type { Surroundings } from '../../collectors/abilities.ts';
import type { Target } from '../plan/contract.ts';
import type { DeclaredBefore } from './contract.ts';
import { declareAside } from './declarations.ts';
import { keepFile } from './keep-file.ts';
import { type KeptFiles, keepForDeclarations, type Run } from './run.ts';

/**
 * Reads the declarations around the changes of a target, where something was found that they could say more about:
 * files of the side after the changes are kept with the others, those of the side before are read at once. Returns what
 * was declared before.
 */
export async function readAround(
  run: Run,
  target: Target,
  surroundings: Surroundings,
  foundSome: boolean,
): Promise<DeclaredBefore> {
  if (!foundSome) return { identities: [], pending: [] };
  const declares = (path: string): boolean => run.declarations.some((collector) => collector.accepts(path));
  const key = { collector: target.collector.id, target: target.address.text, scope: 'surroundings' };
  const before: KeptFiles = new Map();
  for await (const item of surroundings.read(declares)) {
    if ('gap' in item) {
      run.ledger.gap(key, item.gap);
      continue;
    }
    const file = keepFile(run.declarations, item.artifact);
    if (file === undefined) continue;
    if (item.side !== 'before') keepForDeclarations(run, key, file);
    if (item.side !== 'after') keepForDeclarations(run, key, file, before);
  }
  return declareAside(run, target, before);
}
