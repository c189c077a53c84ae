import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RuleCatalogue } from '../../model/rule.ts';
import type { KnownNames } from '../known.ts';
import { withExamples } from './catalogue.ts';
import { openCatalogue } from './catalogue-file.ts';

const PARENTS = 4;

/** Beside the bundle. */
export const CATALOGUE_FILE = 'catalogue.jsonl';

/**
 * The rules that ship with the product. `runningFileDir`: the folder of the running file. Where the build left a
 * `catalogue.jsonl` there, it is read and neither YAML nor a schema is loaded; else the repository's `rules/` is.
 */
export async function loadBuiltinCatalogue(
  runningFileDir: string,
  knownNames?: KnownNames | (() => Promise<KnownNames>),
): Promise<RuleCatalogue> {
  const built = join(runningFileDir, CATALOGUE_FILE);
  // Read at once: it is one small file of ours, and a promise costs start-up more than the read.
  if (existsSync(built)) return openCatalogue(built);
  const { loadCatalogue } = await import('../load.ts');
  return loadCatalogue({
    builtinDir: findRulesDir(runningFileDir),
    ...(knownNames === undefined ? {} : { known: typeof knownNames === 'function' ? await knownNames() : knownNames }),
  });
}

/** As `loadBuiltinCatalogue`, with the examples in place. */
export async function loadBuiltinWithExamples(runningFileDir: string): Promise<RuleCatalogue> {
  const catalogue = await loadBuiltinCatalogue(runningFileDir);
  const examples = join(runningFileDir, 'examples.json');
  return existsSync(examples) ? withExamples(catalogue, await readFile(examples, 'utf8')) : catalogue;
}

/** The repository's `rules/` folder, searched upwards from a folder. */
export function findRulesDir(from: string): string {
  let folder = from;
  for (let step = 0; step <= PARENTS; step++) {
    const candidate = join(folder, 'rules');
    if (existsSync(join(candidate, 'detection')) || existsSync(join(candidate, 'packs'))) return candidate;
    folder = dirname(folder);
  }
  throw new Error(`no catalogue.jsonl and no rules/ folder near ${from}`);
}
