import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from './clone.ts';

interface LockedPackage {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const read = (file: string): unknown => JSON.parse(readFileSync(join(ROOT, file), 'utf8'));
const { packages } = read('package-lock.json') as { packages: Readonly<Record<string, LockedPackage>> };

/** Where Node finds a package from a folder: in its own `node_modules`, else in that of a folder above. */
function isLocked(folder: string, name: string): boolean {
  const parts = folder.split('/node_modules/');
  const above = parts.map((_, at) => parts.slice(0, at + 1).join('/node_modules/'));
  return ['', ...above.map((path) => `${path}/`)].some((path) => `${path}node_modules/${name}` in packages);
}

/**
 * npm leaves out packages of other platforms when it writes a lock file beside installed packages or from a registry that
 * lacks them, and then `npm ci` refuses that lock file.
 */
it('locks every package that another one names, those of other platforms included', () => {
  const missing: string[] = [];
  for (const [folder, { dependencies, devDependencies, optionalDependencies }] of Object.entries(packages)) {
    const names = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
    missing.push(...names.filter((name) => !isLocked(folder, name)).map((name) => `${folder} needs ${name}`));
  }
  expect(missing).toEqual([]);
});

it('locks exactly what package.json pins, and has nothing to install with a release', () => {
  const manifest = read('package.json') as LockedPackage;
  const pins = Object.entries(manifest.devDependencies ?? {});
  expect(pins.length).toBeGreaterThan(10);
  expect(pins.filter(([name, version]) => packages[`node_modules/${name}`]?.version !== version)).toEqual([]);
  expect([manifest.dependencies, manifest.optionalDependencies]).toEqual([undefined, undefined]);
});
