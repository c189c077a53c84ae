import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environment } from '../action/events.ts';
import { ROOT } from '../cli/run-bowerbird.ts';
import { type Start, UNUSED_FLAGS, VERBS } from './verbs.ts';
import { makeWorld, type World, writeInto } from './world.ts';

/** What a user has after an install. */
export interface Installed {
  /** Folder with the command `bowerbird`. */
  readonly bin: string;
  /** The file that the Action runs. */
  readonly action: string;
  /** What the library is imported by, and the folder where it is. */
  readonly library: { readonly name: string; readonly from: string };
  readonly version: string;
}

interface Ran {
  readonly code: number | null;
  readonly text: string;
}

/** Lists what a help text has under a heading. */
function listed(help: string, heading: string): readonly string[] {
  const section = help.split(new RegExp(`^${heading}:\n`, 'm'))[1]?.split(/\n(?=\S)/)[0] ?? '';
  return [...section.matchAll(/^ {2}(\S+)/gm)].map((match) => match[1] ?? '').filter((name) => name !== 'help');
}

/** Long flags of a help text, the short ones of `-q` where it stands before. */
function flagsOf(help: string): readonly string[] {
  return [...help.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map((match) => match[1] ?? '');
}

/** Every verb and flag that the help texts name. */
async function listAll(
  ask: (args: readonly string[]) => Promise<Ran>,
): Promise<{ readonly verbs: readonly string[]; readonly flags: ReadonlySet<string> }> {
  const flags = new Set<string>();
  const verbs: string[] = [];
  for (const verb of listed((await ask(['--help'])).text, 'Commands')) {
    const help = (await ask([verb, '--help'])).text;
    const children = listed(help, 'Commands');
    verbs.push(...(children.length === 0 ? [verb] : children.map((child) => `${verb} ${child}`)));
    for (const flag of flagsOf(help)) flags.add(flag);
    for (const child of children) {
      for (const flag of flagsOf((await ask([verb, child, '--help'])).text)) flags.add(flag);
    }
  }
  return { verbs, flags };
}

/**
 * Starts everything that a release has: each verb, each report format, each verb of the hook, each event of the Action, and the
 * library by import and require. What there is is asked of the tool, so nothing new can be forgotten. `askHelp`: a cheaper way to
 * the help texts than a start for each.
 */
export function smokeSuite(
  name: string,
  install: () => Promise<Installed>,
  isThorough: boolean,
  askHelp?: (args: readonly string[]) => Promise<Ran>,
): void {
  let installed: Installed;
  let world: World;

  beforeAll(async () => {
    world = makeWorld();
    installed = await install();
  }, 300_000);
  afterAll(() => world.remove());

  const pathOf = (): string => `${installed.bin}${delimiter}${world.env['PATH']}`;

  function bowerbird(args: readonly string[], place: Start['in'] = 'repository', input = ''): Promise<Ran> {
    return new Promise((resolve, reject) => {
      const env = { ...world.env, PATH: pathOf() };
      const child = spawn(join(installed.bin, 'bowerbird'), args, { cwd: world[place], env });
      const parts: Buffer[] = [];
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => parts.push(part));
      child.on('error', reject);
      child.stdin.on('error', () => undefined);
      child.stdin.end(input === 'token' ? `k = ${world.raw[0]}\n` : input);
      child.on('close', (code) => resolve({ code, text: Buffer.concat(parts).toString('utf8') }));
    });
  }

  function expectSafe(text: string): void {
    for (const value of world.raw) expect(text).not.toContain(value);
    expect(text).not.toContain('this is a bug');
  }

  describe(`${name}: verbs`, () => {
    it('tells its version', async () => {
      expect(await bowerbird(['--version'])).toEqual({ code: 0, text: `${installed.version}\n` });
    });

    it('has no verb and no flag that is not started here', async () => {
      const { verbs, flags } = await listAll(askHelp ?? bowerbird);
      expect([...verbs].sort()).toEqual(Object.keys(VERBS).sort());
      const used = new Set(Object.values(VERBS).flatMap((starts) => starts.flatMap(({ args }) => args)));
      const short: Readonly<Record<string, string>> = { '--quiet': '-q', '--verbose': '-v' };
      const unused = [...flags].filter((flag) => !used.has(flag) && !used.has(short[flag] ?? flag));
      expect(unused.filter((flag) => UNUSED_FLAGS[flag] === undefined)).toEqual([]);
    });

    const starts = Object.values(VERBS).flat();
    for (const one of starts.filter(({ thorough }) => isThorough || thorough !== true)) {
      it(`${one.args.join(' ')} (${one.in}): exit ${one.code}`, async () => {
        const { code, text } = await bowerbird(one.args, one.in, one.input);
        expectSafe(text);
        expect(text).toMatch(one.says);
        expect(code, text).toBe(one.code);
      });
    }
  });

  it(`${name}: every report format is written, and holds no value`, async () => {
    const { text } = await bowerbird(['scan', '.', '--report', 'no-such-format']);
    const formats = /Known: ([a-z, -]+)\./.exec(text)?.[1]?.split(', ') ?? [];
    expect(formats.length).toBeGreaterThan(5);
    const reports = formats.flatMap((format) => ['--report', `${format}=report.${format}`]);
    expect((await bowerbird(['scan', '.', '-q', ...reports])).code).toBe(1);
    for (const format of formats) {
      const report = readFileSync(join(world.repository, `report.${format}`), 'utf8');
      expect(report.length, format).toBeGreaterThan(20);
      expectSafe(report);
    }
  });

  // For `dist/`, this is in test/hook/end-to-end.test.ts.
  it.runIf(isThorough)(`${name}: an installed hook stops a leak and lets clean work pass`, async () => {
    const env = { ...world.env, PATH: pathOf() };
    const git = (...args: string[]): Ran => {
      const done = spawnSync('git', args, { cwd: world.clean, env, encoding: 'utf8' });
      return { code: done.status, text: done.stdout + done.stderr };
    };
    git('init', '-q');
    expect((await bowerbird(['hook', 'install'], 'clean')).code).toBe(0);
    writeInto(world.clean, 'leak.env', `K=${world.raw[0]}\n`);
    git('add', '-A');
    const stopped = git('commit', '-q', '-m', 'x');
    expect(stopped.code, stopped.text).not.toBe(0);
    expect(stopped.text).toContain('GitHub personal access token');
    expectSafe(stopped.text);
    git('rm', '-q', '-f', 'leak.env');
    expect(git('commit', '-q', '--allow-empty', '-m', 'x')).toEqual({ code: 0, text: '' });
    expect((await bowerbird(['hook', 'uninstall'], 'clean')).code).toBe(0);
  });

  describe(`${name}: the Action`, () => {
    const repo = { full_name: 'acme/shop' };
    const repository = { ...repo, default_branch: 'main', private: true, visibility: 'private' };
    const pull = (): unknown => ({
      number: 7,
      pull_request: { number: 7, commits: 1, base: { sha: world.base, repo }, head: { sha: world.head, repo } },
      repository,
    });
    const events: Readonly<Record<string, () => unknown>> = {
      pull_request: pull,
      pull_request_target: pull,
      pull_request_review: pull,
      merge_group: () => ({ merge_group: { base_sha: world.base, head_sha: world.head }, repository }),
      push: () => ({ before: world.base, after: world.head, repository }),
      schedule: () => ({ repository }),
      workflow_dispatch: () => ({ repository }),
    };
    /** Events of the short form. For `dist/`, pull requests are in test/action/end-to-end.test.ts. */
    const short = new Set(['push']);

    it('has no event with a way of its own that is not started here', () => {
      const source = readFileSync(join(ROOT, 'src/action/plan.ts'), 'utf8');
      const cases = [...source.matchAll(/case '(\w+)':/g)].map((match) => match[1] ?? '');
      expect(cases.length).toBeGreaterThan(3);
      expect(cases.filter((event) => events[event] === undefined)).toEqual([]);
    });

    for (const [event, payload] of Object.entries(events).filter(([key]) => isThorough || short.has(key))) {
      it(`${event}: findings, outputs and a summary`, () => {
        const file = (key: string): string => join(world.folder, `action-${event}-${key}`);
        for (const key of ['output', 'summary']) writeInto(world.folder, `action-${event}-${key}`, '');
        writeInto(world.folder, `action-${event}-event`, JSON.stringify(payload()));
        const env = {
          ...world.env,
          ...environment(event, { GITHUB_SHA: world.head, GITHUB_REF: 'refs/heads/topic' }),
          GITHUB_ACTIONS: 'true',
          GITHUB_EVENT_PATH: file('event'),
          GITHUB_OUTPUT: file('output'),
          GITHUB_STEP_SUMMARY: file('summary'),
          GITHUB_WORKSPACE: world.repository,
          'INPUT_REPORT-JSON': file('json'),
          'INPUT_REPORT-SARIF': file('sarif'),
        };
        const cwd = world.repository;
        const done = spawnSync(process.execPath, [installed.action], { cwd, env, encoding: 'utf8' });
        const [output, summary] = [readFileSync(file('output'), 'utf8'), readFileSync(file('summary'), 'utf8')];
        const text = [done.stdout, done.stderr, output, summary].join('\n');
        expectSafe(text + readFileSync(file('json'), 'utf8') + readFileSync(file('sarif'), 'utf8'));
        expect(done.status, text).toBe(1);
        expect(output).toContain('findings-count');
        expect(summary).toContain('new.env');
      });
    }
  });

  type Load = readonly [way: string, type: string, load: (library: string) => string];
  const loads: readonly Load[] = [
    ['import', 'module', (library) => `import { createScanContext, renderReport, scan } from ${library};`],
    ['require', 'commonjs', (library) => `const { createScanContext, renderReport, scan } = require(${library});`],
  ];

  it.each(isThorough ? loads : loads.slice(0, 1))(`${name}: the library works by %s`, (_, type, load) => {
    const script = `${load(JSON.stringify(installed.library.name))}
      const context = createScanContext();
      scan({ targets: [process.argv[1]], noConfig: true }, context).then(async (report) => {
        const options = { color: false, width: 80, showSecrets: false, verbose: false };
        const sarif = await renderReport(report, 'sarif', options, process.argv[1]);
        console.log(sarif.length, report.findings.map((one) => one.ruleId).join());
      });`;
    const args = [`--input-type=${type}`, '-e', script, '--', world.repository];
    const done = spawnSync(process.execPath, args, { cwd: installed.library.from, env: world.env, encoding: 'utf8' });
    expect(done.stderr).toBe('');
    expect(done.stdout).toMatch(/^\d{4,} .*github-pat-classic/);
    expectSafe(done.stdout);
  });
}
