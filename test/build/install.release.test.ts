import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expandTemplate } from '../../src/lib/template/expand.ts';
import { type Clone, type CommandResult, cloneWorkingTree, ROOT, runCommand, runOk } from './clone.ts';

const VERSION = '9.8.7';
const TOKEN = expandTemplate('ghp_{github-crc:36}', 'test/install');
const SLOW = 240_000;

/** A registry that nobody listens at: whoever asks it fails. */
const NO_REGISTRY = ['--registry', 'http://127.0.0.1:9/', '--fetch-retries', '0'];

let clone: Clone;
let work: string;
let released: string;

beforeAll(async () => {
  clone = await cloneWorkingTree();
  work = await mkdtemp(join(tmpdir(), 'bowerbird-install-'));
  await mkdir(join(work, 'scanned'));
  await writeFile(join(work, 'scanned', 'deploy.sh'), `export GITHUB_TOKEN=${TOKEN}\n`);
  released = await runOk('npm', ['run', '--silent', 'release', '--', VERSION], {
    cwd: clone.folder,
    env: { HOME: work },
  });
}, SLOW);

afterAll(async () => {
  await clone.remove();
  await rm(work, { recursive: true, force: true });
});

/** Installs the tag as a global package in a new folder, away from every registry, and gives the folder. */
async function installTag(name: string, flags: readonly string[]): Promise<string> {
  const prefix = join(work, name);
  const source = `git+file://${clone.folder}#v${VERSION}`;
  const cache = join(work, `${name}-cache`);
  await runOk('npm', ['install', '--global', ...flags, ...NO_REGISTRY, '--prefix', prefix, '--cache', cache, source], {
    cwd: work,
  });
  return prefix;
}

function bowerbird(prefix: string, args: readonly string[]): Promise<CommandResult> {
  return runCommand(join(prefix, 'bin', 'bowerbird'), args, { cwd: work });
}

async function expectWorkingCommand(prefix: string): Promise<void> {
  expect(await bowerbird(prefix, ['--version'])).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
  const { code, stdout } = await bowerbird(prefix, ['scan', 'scanned', '--json', '--no-config']);
  expect(code).toBe(1);
  expect(stdout).not.toContain(TOKEN);
  const findings = JSON.parse(stdout).findings as { ruleId: string }[];
  expect(findings.map((finding) => finding.ruleId)).toEqual(['github-pat-classic']);
}

describe('npm run release', () => {
  it('tags a commit beside main that differs by dist/ and the manifest, and says what to push', async () => {
    expect(released).toContain(`git push --atomic origin main v${VERSION}`);
    expect(await clone.git('status', '--porcelain')).toBe('');
    expect(await clone.git('log', '--format=%s', 'main')).toBe(`Release ${VERSION}\nWorking tree\n`);
    expect(await clone.git('rev-parse', `v${VERSION}^`)).toBe(await clone.git('rev-parse', 'main'));
    const changed = (await clone.git('diff', '--name-only', 'main', `v${VERSION}`)).trim().split('\n');
    const others = changed.filter((path) => !path.startsWith('dist/'));
    expect(others).toEqual(['package.json']);
    expect(changed).toEqual(expect.arrayContaining(['dist/action.cjs', 'dist/cli.cjs', 'dist/index.cjs']));
    expect(changed.filter((path) => path.includes('demo') || path.includes('.next'))).toEqual([]);
    expect(await clone.git('cat-file', '-t', `v${VERSION}`)).toBe('tag\n');
  });

  it('carries what the source of the tag builds, byte for byte', { timeout: SLOW }, async () => {
    // As deep as the clone that built the tag: names of parts depend on the way to node_modules, which both link to.
    const tag = `${clone.folder}-tag`;
    await runOk('git', ['clone', '--quiet', '--branch', `v${VERSION}`, clone.folder, tag], { cwd: work });
    await symlink(join(ROOT, 'node_modules'), join(tag, 'node_modules'));
    await rename(join(tag, 'dist'), join(tag, 'carried'));
    await runOk('node', ['src/build/run.mjs', 'build'], { cwd: tag });
    const compared = await runCommand('node', ['src/build/run.mjs', 'compare', 'carried', 'dist'], { cwd: tag });
    expect(compared).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+ files are the same\.$/m) });
  });

  it('sets the version and dates the changelog on main', async () => {
    const changed = (await clone.git('diff', '--name-only', 'main^', 'main')).trim().split('\n');
    expect(changed).toEqual(['CHANGELOG.md', 'package-lock.json', 'package.json']);
    const lock = JSON.parse(await clone.git('show', 'main:package-lock.json'));
    expect([lock.version, lock.packages[''].version]).toEqual([VERSION, VERSION]);
    expect(await clone.git('show', 'main:CHANGELOG.md')).toMatch(/^## 9\.8\.7 - \d{4}-\d\d-\d\d$/m);
  });
});

describe('installing the tag', { timeout: SLOW }, () => {
  it('works where scripts are blocked, and brings no dependency and no source', async () => {
    const prefix = await installTag('blocked', ['--ignore-scripts']);
    await expectWorkingCommand(prefix);
    const folder = join(prefix, 'lib', 'node_modules', 'bowerbird');
    expect((await readdir(folder)).sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json', 'rules']);
    expect(await readdir(join(folder, 'rules'))).toEqual(['schema.json']);
    expect(await readFile(join(folder, 'dist', 'licenses.txt'), 'utf8')).toContain('commander');
  });

  it('works as pre-commit installs it, with scripts allowed', async () => {
    await expectWorkingCommand(await installTag('allowed', ['--install-links']));
  });

  const npm12 = process.env['BOWERBIRD_TEST_NPM12'] === '1';
  it.skipIf(!npm12)('works on npm 12 (set BOWERBIRD_TEST_NPM12=1: fetches npm from the registry)', async () => {
    const prefix = join(work, 'npm12');
    const source = `git+file://${clone.folder}#v${VERSION}`;
    const args = ['--yes', 'npm@12.2.0', 'install', '--global', '--allow-git=root', '--prefix', prefix, source];
    await runOk('npx', args, { cwd: work, env: { HOME: homedir() } });
    await expectWorkingCommand(prefix);
  });
});

describe('the library, packed', { timeout: SLOW }, () => {
  const CONSUMER = `
declare const process: { readonly argv: readonly string[] };
declare const console: { log(text: string): void };

async function main(): Promise<void> {
  const context: ScanContext = createScanContext({ now: () => new Date('2026-11-23T00:00:00Z') });
  const report: Report = await scan({ targets: [process.argv[2] ?? ''], noConfig: true }, context);
  const finding: Finding | undefined = report.findings[0];
  if (finding?.kind !== 'secret') throw new Error('no secret found');
  const secret: Secret | undefined = finding.secret;
  console.log(JSON.stringify({ shown: \`\${secret}\`, report }));
  const wrong = await scan({ targets: ['/no/such/folder'] }, context).catch((error: unknown) => error);
  if (wrong instanceof UsageError) console.log(wrong.message);
}
void main();
`;
  const NAMES = 'createScanContext, type Finding, type Report, type ScanContext, type Secret, scan, UsageError';
  let consumer = '';

  beforeAll(async () => {
    consumer = join(work, 'consumer');
    const checkout = join(work, 'checkout');
    await runOk('git', ['clone', '--quiet', '--branch', `v${VERSION}`, clone.folder, checkout], { cwd: work });
    await runOk('npm', ['pack', '--pack-destination', work], { cwd: checkout });
    await mkdir(consumer);
    await writeFile(join(consumer, 'package.json'), '{ "name": "consumer", "private": true }\n');
    await writeFile(join(consumer, 'esm.mts'), `import { ${NAMES} } from 'bowerbird';\n${CONSUMER}`);
    await writeFile(join(consumer, 'cjs.cts'), `import { ${NAMES} } from 'bowerbird';\n${CONSUMER}`);
    const tarball = join(work, `bowerbird-${VERSION}.tgz`);
    await runOk('npm', ['install', '--ignore-scripts', ...NO_REGISTRY, tarball], { cwd: consumer });
    expect((await readdir(join(consumer, 'node_modules'))).filter((name) => !name.startsWith('.'))).toEqual([
      'bowerbird',
    ]);
  }, SLOW);

  const compile = (...flags: string[]): Promise<CommandResult> => {
    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    const strict = [
      '--strict',
      '--exactOptionalPropertyTypes',
      '--noUncheckedIndexedAccess',
      '--skipLibCheck',
      'false',
    ];
    const files = ['esm.mts', 'cjs.cts'];
    return runCommand('node', [tsc, ...strict, '--target', 'es2022', ...flags, ...files], {
      cwd: consumer,
    });
  };

  it('compiles strictly from ESM and CommonJS, without other types, and runs there', async () => {
    expect(await compile('--module', 'node20')).toEqual({ code: 0, stdout: '', stderr: '' });
    for (const file of ['esm.mjs', 'cjs.cjs']) {
      const output = await runOk('node', [file, join(work, 'scanned')], { cwd: consumer });
      expect(output).not.toContain(TOKEN);
      const [line = '', message] = output.trimEnd().split('\n');
      const { shown, report } = JSON.parse(line);
      expect(report.findings.map((one: { ruleId: string }) => one.ruleId)).toEqual(['github-pat-classic']);
      expect(report.findings[0].secret).toBe(shown);
      expect(shown).toMatch(/^ghp_\*+$/);
      expect(report.tool.version).toBe(VERSION);
      expect(message).toContain('/no/such/folder');
    }
  });

  it('compiles for a bundler', async () => {
    const result = await compile('--module', 'esnext', '--moduleResolution', 'bundler', '--noEmit');
    expect(result).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('refuses a wrong call', async () => {
    await writeFile(join(consumer, 'wrong.mts'), "import { scan } from 'bowerbird';\nawait scan({ targets: '.' });\n");
    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    const args = [tsc, '--strict', '--noEmit', '--module', 'node20', 'wrong.mts'];
    const { code, stdout } = await runCommand('node', args, { cwd: consumer });
    expect(code).toBe(2);
    expect(stdout).toContain('TS2554');
  });
});

describe('a clone', { timeout: SLOW }, () => {
  it('is built by prepare where scripts were blocked, once', async () => {
    const prepare = (): Promise<CommandResult> => runCommand('node', ['src/build/prepare.mjs'], { cwd: clone.folder });
    await rm(join(clone.folder, 'dist'), { recursive: true });
    expect(await prepare()).toEqual({ code: 0, stdout: '', stderr: '' });
    const cli = join(clone.folder, 'dist', 'cli.cjs');
    expect(await runOk(cli, ['--version'], { cwd: work })).toBe(`${VERSION}\n`);
    await writeFile(cli, 'left alone');
    expect(await prepare()).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await readFile(cli, 'utf8')).toBe('left alone');
  });

  it('is left alone by prepare where the tools are absent', async () => {
    const bare = join(work, 'bare');
    await runOk('git', ['clone', '--quiet', clone.folder, bare], { cwd: work });
    const { code, stderr } = await runCommand('node', ['src/build/prepare.mjs'], { cwd: bare });
    expect([code, stderr]).toEqual([0, expect.stringContaining('esbuild and typescript missing')]);
    expect(existsSync(join(bare, 'dist'))).toBe(false);
  });

  const registry = process.env['BOWERBIRD_TEST_REGISTRY'] === '1';
  it.skipIf(!registry)('works after npm ci with scripts blocked (set BOWERBIRD_TEST_REGISTRY=1)', async () => {
    const fresh = join(work, 'fresh');
    const options = { cwd: fresh, env: { HOME: homedir() } };
    await runOk('git', ['clone', '--quiet', clone.folder, fresh], { cwd: work });
    await runOk('npm', ['ci', '--ignore-scripts'], options);
    await runOk('npm', ['run', '--silent', 'build'], options);
    expect(await runOk('npx', ['bowerbird', '--version'], options)).toBe(`${VERSION}\n`);
  });
});
