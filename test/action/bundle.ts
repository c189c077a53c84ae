import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { knownNames } from '../../src/engine/plan/known-names.ts';
import { loadCatalogue, serialiseCatalogue } from '../../src/ruleset/index.ts';

/**
 * Builds one front as a release ships it: one bundle with the compiled rules beside it, in a folder of its own. Only one
 * provider's rules are in it, so that these tests speak of the front and not of the rules.
 */
export async function bundleFront(front: 'cli' | 'action'): Promise<string> {
  const dist = mkdtempSync(join(tmpdir(), `bowerbird-${front}-`));
  await build({
    entryPoints: [`src/${front}/main.ts`],
    outfile: join(dist, `${front}.cjs`),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    external: ['re2'],
    define: { BOWERBIRD_VERSION: '"0.0.0-test"', BOWERBIRD_BUILD: '"test"', 'import.meta.url': '__bundleUrl' },
    banner: { js: "const __bundleUrl=require('node:url').pathToFileURL(__filename).href;" },
    logLevel: 'error',
  });
  const rules = join(dist, 'rules');
  for (const folder of ['detection', 'posture']) mkdirSync(join(rules, folder), { recursive: true });
  cpSync('rules/packs', join(rules, 'packs'), { recursive: true });
  cpSync('rules/detection/github.yaml', join(rules, 'detection/github.yaml'));
  const catalogue = await loadCatalogue({ builtinDir: rules, known: knownNames() });
  writeFileSync(join(dist, 'catalogue.jsonl'), serialiseCatalogue(catalogue));
  return dist;
}
