import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '../model/errors.ts';
import { cutOperations, type Node } from './openapi/cut.ts';
import { githubOperations } from './openapi/operations.ts';
import { describePackage, readPackageFile } from './refresh-permissions/files.ts';

const SETUP = 'the unpacked npm package @octokit/openapi';
/** Endpoints that only enterprises have are in the second. */
const DESCRIPTIONS = ['generated/api.github.com.json', 'generated/ghec.json'];

/**
 * `node src/build/run.mjs cut-openapi <folder>`: writes `fixtures/openapi/github.json`, the operations that Bowerbird
 * uses, from a package that is already on this machine. Fetches nothing.
 *
 * @throws UsageError for a folder that does not hold the package
 */
export async function run(root: string, args: readonly string[]): Promise<number> {
  const [folder, ...rest] = args;
  if (folder === undefined || rest.length > 0 || folder.startsWith('-')) {
    throw new UsageError(`Usage: node src/build/run.mjs cut-openapi <folder of ${SETUP}>`);
  }
  const source = resolve(folder);
  const descriptions = DESCRIPTIONS.map((file) => JSON.parse(readPackageFile(source, file, SETUP)) as Node);
  const cut = cutOperations(descriptions, githubOperations());
  const file = join(root, 'fixtures', 'openapi', 'github.json');
  mkdirSync(join(root, 'fixtures', 'openapi'), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ $comment: describePackage(source, SETUP), ...cut })}\n`);
  const count = (part: object): number => Object.keys(part).length;
  process.stdout.write(`${count(cut.operations)} operations, ${count(cut.definitions)} definitions\n`);
  return 0;
}
