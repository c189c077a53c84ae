import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type Clone, cloneWorkingTree, runOk } from '../build/clone.ts';
import { type Installed, smokeSuite } from './suite.ts';

const VERSION = '9.8.7';

let clone: Clone;
let work: string;

beforeAll(async () => {
  clone = await cloneWorkingTree();
  work = await mkdtemp(join(tmpdir(), 'bowerbird-tag-'));
});

afterAll(async () => {
  await clone.remove();
  await rm(work, { recursive: true, force: true });
});

/** Makes a release tag and installs it with npm in an empty folder, away from every registry. */
async function installTag(): Promise<Installed> {
  await runOk('npm', ['run', '--silent', 'release', '--', VERSION], { cwd: clone.folder, env: { HOME: work } });
  const from = join(work, 'consumer');
  await mkdir(from);
  await writeFile(join(from, 'package.json'), '{ "name": "consumer", "private": true }\n');
  const offline = ['--ignore-scripts', '--registry', 'http://127.0.0.1:9/', '--fetch-retries', '0', '--cache', work];
  await runOk('npm', ['install', ...offline, `git+file://${clone.folder}#v${VERSION}`], { cwd: from });
  const modules = join(from, 'node_modules');
  const action = join(modules, 'bowerbird', 'dist', 'action.cjs');
  return { bin: join(modules, '.bin'), action, library: { name: 'bowerbird', from }, version: VERSION };
}

smokeSuite('release tag', installTag, true);
