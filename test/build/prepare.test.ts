import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../cli/run-bowerbird.ts';
import { temporaryFolder } from '../collectors/shared-git.ts';
import { itRarely } from '../it-rarely.ts';

const [OLD, NEW] = [new Date('2024-01-01'), new Date('2024-06-01')];
const SOURCES = ['src/build/prepare.mjs', 'src/build/run.mjs', 'src/build', 'src', 'rules', 'package.json'];
const OTHERS = ['package-lock.json', 'tsconfig.json'];

/** A project whose build leaves a file, and whose sources are older than `dist/`. */
function makeProject(): string {
  const folder = temporaryFolder();
  for (const path of ['src/build', 'rules', 'dist']) mkdirSync(join(folder, path), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  copyFileSync(join(ROOT, 'src/build/prepare.mjs'), join(folder, 'src/build/prepare.mjs'));
  writeFileSync(
    join(folder, 'src/build/run.mjs'),
    "import { writeFileSync } from 'node:fs';\nwriteFileSync('built', '');\n",
  );
  for (const path of ['package.json', ...OTHERS, 'dist/cli.cjs']) writeFileSync(join(folder, path), '{}');
  for (const path of [...SOURCES, ...OTHERS]) utimesSync(join(folder, path), OLD, OLD);
  utimesSync(join(folder, 'dist/cli.cjs'), NEW, NEW);
  return folder;
}

function builds(folder: string, ...args: readonly string[]): boolean {
  rmSync(join(folder, 'built'), { force: true });
  execFileSync(process.execPath, ['src/build/prepare.mjs', ...args], { cwd: folder });
  return existsSync(join(folder, 'built'));
}

describe('prepare', () => {
  itRarely('builds with --renew only where a source, or a folder of one, is newer than dist/', () => {
    const folder = makeProject();
    expect(builds(folder, '--renew')).toBe(false);
    for (const path of ['src/build/run.mjs', 'rules', 'package-lock.json']) {
      utimesSync(join(folder, path), NEW, new Date(NEW.getTime() + 1000));
      expect([path, builds(folder, '--renew')]).toEqual([path, true]);
      utimesSync(join(folder, path), OLD, OLD);
    }
    utimesSync(join(folder, 'rules'), NEW, new Date(NEW.getTime() + 1000));
    expect(builds(folder)).toBe(false);
  });

  it('builds where there is no dist/', () => {
    const folder = makeProject();
    rmSync(join(folder, 'dist/cli.cjs'));
    expect(builds(folder)).toBe(true);
  });
});
