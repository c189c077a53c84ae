import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reporterLoaders } from '../../src/reporters/loaders.generated.ts';
import { sampleToken } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';
import { temporaryFolder } from '../collectors/shared-git.ts';
import { itRarely } from '../it-rarely.ts';

const WORKFLOW = `on: pull_request_target
permissions: write-all
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with: { ref: "\${{ github.event.pull_request.head.sha }}" }
      - run: make
`;

const FORMATS = [...reporterLoaders.keys()];

interface JsonReport {
  readonly findings: readonly {
    readonly kind?: string;
    readonly ruleId?: string;
    readonly id: string;
    readonly score: number;
    readonly vector: unknown;
    readonly locations: readonly { readonly repository?: string }[];
  }[];
}

function makeRepository(folder: string, files: Readonly<Record<string, string>>, remote?: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=n', '-c', 'user.email=n@example.com', ...args], {
      cwd: folder,
      stdio: 'pipe',
    });
  git('init', '-q');
  if (remote !== undefined) git('remote', 'add', 'origin', remote);
  git('add', '-A');
  git('commit', '-qm', `first of ${folder}`);
}

async function scan(cwd: string, ...targets: string[]): Promise<JsonReport['findings']> {
  const { stdout } = await runBowerbird(['scan', ...targets, '--json'], { cwd });
  return (JSON.parse(stdout) as JsonReport).findings;
}

const idsOf = (findings: JsonReport['findings']) => findings.map(({ id }) => id).filter((id) => id.startsWith('p-'));

describe('repositories are told apart by more than their folder', () => {
  it('gives each of two repositories of the same name its own findings', async () => {
    const cwd = temporaryFolder();
    for (const name of ['a/app', 'b/app']) makeRepository(join(cwd, name), { '.github/workflows/ci.yml': WORKFLOW });
    const [first, second] = [idsOf(await scan(cwd, 'a/app')), idsOf(await scan(cwd, 'b/app'))];
    expect(first.length).toBeGreaterThan(0);
    const both = idsOf(await scan(cwd, 'a/app', 'b/app'));
    expect([...both].sort()).toEqual([...first, ...second].sort());
    expect(new Set(both).size).toBe(first.length + second.length);
    // The history and the tree of one repository are the same place.
    expect(idsOf(await scan(cwd, 'a/app', 'git:a/app')).sort()).toEqual([...first].sort());
  });

  itRarely('gives each of two plain folders of the same name its own findings, in every format', async () => {
    const cwd = temporaryFolder();
    for (const name of ['a/app', 'b/app']) {
      mkdirSync(join(cwd, name, '.github/workflows'), { recursive: true });
      writeFileSync(join(cwd, name, '.github/workflows/ci.yml'), WORKFLOW);
      writeFileSync(join(cwd, name, 'app.env'), `TOKEN=${sampleToken(name)}\n`);
    }
    const [first, second] = [idsOf(await scan(cwd, 'a/app')), idsOf(await scan(cwd, 'b/app'))];
    expect(first.length).toBeGreaterThan(0);
    const both = await scan(cwd, 'a/app', 'b/app');
    expect(idsOf(both).sort()).toEqual([...first, ...second].sort());
    expect(new Set([...first, ...second]).size).toBe(first.length + second.length);
    // Another way to write the same folder is the same folder.
    symlinkSync(join(cwd, 'a/app'), join(cwd, 'linked'));
    expect(idsOf(await scan(cwd, 'linked')).sort()).toEqual([...first].sort());

    const names = new Set(both.flatMap(({ locations }) => locations.map(({ repository }) => repository)));
    expect([...names]).toEqual([expect.stringMatching(/^app~/), expect.stringMatching(/^app~/)]);
    const reports = FORMATS.flatMap((format) => ['--report', `${format}=${format}.out`]);
    await runBowerbird(['scan', 'a/app', 'b/app', ...reports, '--quiet'], { cwd });
    for (const format of FORMATS) {
      const text = readFileSync(join(cwd, `${format}.out`), 'utf8').replace(/\\/g, '');
      for (const name of names) expect(text, format).toContain(name);
    }
  });

  itRarely('keeps the host of a remote', async () => {
    const cwd = temporaryFolder();
    const files = { '.github/workflows/ci.yml': WORKFLOW, 'app.env': `TOKEN=${sampleToken('hosts')}\n` };
    makeRepository(join(cwd, 'a'), files, 'https://github.com/acme/shop.git');
    makeRepository(join(cwd, 'b'), files, 'git@gitlab.com:acme/shop.git');
    const findings = await scan(cwd, 'a', 'b');
    const names = new Set(findings.flatMap(({ locations }) => locations.map(({ repository }) => repository)));
    expect([...names].sort()).toEqual(['acme/shop', 'gitlab.com/acme/shop']);
    const ofBoth = findings.filter(({ ruleId }) => ruleId !== 'credential-in-several-repositories');
    expect(idsOf(findings).length - idsOf(ofBoth).length).toBe(1);
    expect(idsOf(ofBoth)).toHaveLength(idsOf(await scan(cwd, 'a')).length * 2);
  });
});

describe('a local clone is not reuse', () => {
  async function expectOneLeak(remote?: string): Promise<void> {
    const cwd = temporaryFolder();
    makeRepository(join(cwd, 'app'), { 'app.env': `TOKEN=${sampleToken('clone')}\n` }, remote);
    execFileSync('git', ['clone', '-q', 'app', 'copy'], { cwd });
    makeRepository(join(cwd, 'other'), { 'app.env': `TOKEN=${sampleToken('clone')}\n` });
    const [alone] = await scan(cwd, 'app');
    const [withClone] = await scan(cwd, 'app', 'copy');
    const [reused] = await scan(cwd, 'app', 'other');
    expect(withClone).toMatchObject({ id: alone?.id, score: alone?.score, vector: alone?.vector });
    expect(reused?.vector).not.toEqual(alone?.vector);
  }

  it('of a repository without a remote', () => expectOneLeak());
  itRarely('of a repository with a remote', () => expectOneLeak('https://github.com/acme/shop.git'));
});
