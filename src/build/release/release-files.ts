import { UsageError } from '../../model/errors.ts';

const VERSION = /^(\d+)\.(\d+)\.(\d+)(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;
const UNRELEASED = /^## .*\bunreleased$/im;

/** Scripts whose mere presence makes npm install every development dependency before it packs a git dependency. */
const PREPARING = ['preinstall', 'install', 'postinstall', 'prepack', 'prepare', 'build'];

/** Major, minor and patch of a version (`1.4.0`, `2.0.0-rc.1`). Throws `UsageError` for anything else. */
export function parseVersion(version: string): readonly [number, number, number] {
  const [, major, minor, patch] = VERSION.exec(version) ?? [];
  if (patch !== undefined) return [Number(major), Number(minor), Number(patch)];
  throw new UsageError(`"${version}" is no version. Write npm run release -- <version>, for example 1.4.0.`);
}

/** True if `version` comes before `other`; versions that differ only after the hyphen are taken as equal. */
export function isEarlier(version: string, other: string): boolean {
  const [left, right] = [parseVersion(version), parseVersion(other)];
  const at = left.findIndex((part, index) => part !== right[index]);
  return at !== -1 && Number(left[at]) < Number(right[at]);
}

/**
 * The changelog with its unreleased section named and dated (`## 1.4.0 - 2026-11-23`). Throws `UsageError` if it has
 * none.
 */
export function dateChangelog(text: string, version: string, date: string): string {
  if (UNRELEASED.test(text)) return text.replace(UNRELEASED, `## ${version} - ${date}`);
  throw new UsageError(
    'CHANGELOG.md has no unreleased section. Write "## next - unreleased" and what changed, then commit.',
  );
}

/** `package.json` with another version, otherwise as it is. */
export function setVersion(text: string, version: string): string {
  return text.replace(/^( {2}"version": ")[^"]*/m, `$1${version}`);
}

/** `package-lock.json` with another version of the package itself. */
export function setLockVersion(text: string, version: string): string {
  const lock = JSON.parse(text) as { version: string; packages: Record<string, { version: string }> };
  const own = lock.packages[''];
  if (own === undefined)
    throw new UsageError('package-lock.json does not name the package. Run "npm install" and commit.');
  lock.version = version;
  own.version = version;
  return `${JSON.stringify(lock, undefined, 2)}\n`;
}

/**
 * The `package.json` of a release: without the scripts that make npm prepare it, so that installing from the tag needs
 * neither development dependencies nor scripts. `build` is called `bundle` there; everything else works as on main.
 */
export function toReleaseManifest(text: string): string {
  const manifest = JSON.parse(text) as { scripts: Record<string, string> };
  const { build, ...scripts } = manifest.scripts;
  const kept = Object.entries(scripts).filter(([name]) => !PREPARING.includes(name));
  const renamed = kept.map(([name, line]) => [name, line.replaceAll('npm run build', 'npm run bundle')] as const);
  manifest.scripts = { ...(build === undefined ? {} : { bundle: build }), ...Object.fromEntries(renamed) };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}
