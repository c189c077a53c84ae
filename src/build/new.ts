import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UsageError } from '../model/errors.ts';
import { run as generate } from './generate.ts';
import { renderScaffold, SCAFFOLD_KINDS } from './scaffolds.ts';

const ID = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
/** Names that folders of plug-ins use for other things. */
const RESERVED = new Set(['contract', 'index', 'shared']);

/**
 * `npm run new <kind> <id>`: writes a plug-in and its test, and registers it. They hold the word REPLACE where a person
 * has to decide; the tests refuse it, so that no residue of a scaffold can ship.
 *
 * @throws UsageError for an unknown kind, a bad id, or one that is taken
 */
export async function run(root: string, args: readonly string[]): Promise<number> {
  const [kind = '', id = '', ...rest] = args;
  const files = rest.length === 0 ? renderScaffold(root, kind, id) : undefined;
  if (files === undefined) {
    throw new UsageError(`Usage: npm run new <kind> <id>. Kinds: ${SCAFFOLD_KINDS.join(', ')}.`);
  }
  if (!ID.test(id) || RESERVED.has(id)) {
    throw new UsageError(`"${id}" is no id. Write lower-case words with hyphens, for example acme-token.`);
  }
  const taken = [...files.keys()].filter((path) => isTaken(root, path, id));
  if (taken.length > 0) throw new UsageError(`${taken.join(', ')} is taken. Nothing was written.`);
  for (const [path, text] of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
    process.stdout.write(`${path}\n`);
  }
  format(root, [...files.keys()]);
  await generate(root, []);
  process.stdout.write('Replace every REPLACE, then run "npm run fix" and "npm run check".\n');
  return 0;
}

/** A plug-in may be a file or a folder of that name. */
function isTaken(root: string, path: string, id: string): boolean {
  const bare = path.includes(`/${id}/`) ? dirname(path) : path.replace(/(?:\.test)?\.ts$/, '');
  return [path, bare, `${bare}.ts`, `${bare}.test.ts`].some((name) => existsSync(join(root, name)));
}

/** How lines break depends on how long the id is. */
function format(root: string, paths: readonly string[]): void {
  const code = paths.filter((path) => path.endsWith('.ts'));
  if (code.length === 0) return;
  const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  execFileSync(process.execPath, [biome, 'check', '--write', ...code], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
