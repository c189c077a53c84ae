import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../model/errors.ts';

/** Reads a file of a package. */
export function readPackageFile(folder: string, file: string, setup: string): string {
  const path = join(folder, file);
  if (!existsSync(path)) throw new UsageError(`${path} does not exist. The folder must hold: ${setup}.`);
  return readFileSync(path, 'utf8');
}

/** Name, version and licence from a package of npm. */
export function describePackage(folder: string, setup: string): string {
  const { name, version, license } = JSON.parse(readPackageFile(folder, 'package.json', setup)) as Record<
    string,
    string
  >;
  return `npm ${name} ${version} (${license})`;
}
