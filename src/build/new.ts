import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run as generate } from './generate.ts';
import { SCAFFOLDS } from './scaffolds.ts';

const ID = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/**
 * `npm run new <kind> <id>`: writes a plug-in and its test, and registers it. Both hold the word REPLACE where a person has
 * to decide; the tests refuse it, so that no residue of a scaffold can ship.
 */
export async function run(root: string, args: readonly string[]): Promise<number> {
  const [kind = '', id = ''] = args;
  const scaffold = SCAFFOLDS[kind];
  if (scaffold === undefined) {
    process.stderr.write(`Usage: npm run new <kind> <id>. Kinds: ${Object.keys(SCAFFOLDS).join(', ')}.\n`);
    return 2;
  }
  if (!ID.test(id)) {
    process.stderr.write(`"${id}" is no id: write lower-case words with hyphens, for example acme-token.\n`);
    return 2;
  }
  const files = scaffold(id);
  const taken = Object.keys(files).filter((path) => existsSync(join(root, path)));
  if (taken.length > 0) {
    process.stderr.write(`${taken.join(', ')} exists already. Nothing was written.\n`);
    return 2;
  }
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
    process.stdout.write(`${path}\n`);
  }
  await generate(root, []);
  process.stdout.write('Replace every REPLACE, then run "npm run check".\n');
  return 0;
}
