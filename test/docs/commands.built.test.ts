import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { makeCompany } from '../../src/build/demo.ts';
import { CLI, DIST, ROOT } from '../cli/run-bowerbird.ts';
import { listPages, readBlocks, readCommands, type ShownCommand } from './pages.ts';

/** Commands that are shown and not run here, with the reason. A pattern that matches nothing shown fails the test. */
const NOT_RUN: readonly (readonly [RegExp, string])[] = [
  [/^git clone https:/, 'fetches from GitHub; the release lane builds and installs from a clone'],
  [/^npm ci && npm test$/, 'is what runs this test'],
  [/^npm run bench$/, 'measures for minutes; the bench lane runs it'],
  [/\bgithub:acme\b/, 'asks api.github.com'],
];

/** What a page leaves to the reader to fill in, and what stands for it here. */
const FILLED_IN: readonly (readonly [RegExp, string])[] = [
  [/<id>/g, 's-c02a8aaa0f642b938800'],
  [/<command>/g, 'scan'],
  [/\d{4}-\d\d-\d\d/g, '2099-01-31'],
  [/^cd dist\/demo && /, ''],
];

const pages = listPages(ROOT);
const commands = pages.flatMap((page) => readCommands(ROOT, page));
/** The rule that the guide shows, which its commands lint, test and use. */
const rule = readBlocks(ROOT, 'docs/writing-a-rule.md').find(({ language }) => language === 'yaml')?.text ?? '';
const reasonOf = (text: string): string | undefined => NOT_RUN.find(([pattern]) => pattern.test(text))?.[1];

let folder: string;
let demo: string;
let env: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bowerbird-docs-'));
  demo = join(folder, 'demo');
  const program = join(folder, 'bin', 'bowerbird');
  await makeCompany(ROOT, demo);
  execFileSync('mkdir', [dirname(program)]);
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${CLI}" "$@"\n`);
  chmodSync(program, 0o755);
  const path = `${dirname(program)}${delimiter}${process.env['PATH']}`;
  env = { PATH: path, HOME: folder, GIT_CONFIG_GLOBAL: '/dev/null', NO_COLOR: '1' };
  // The branch that commands name, one commit behind, and something that is staged.
  const git = 'git -c user.name=A -c user.email=a@example.invalid';
  const script = `git update-ref refs/remotes/origin/main HEAD && ${git} commit -q --allow-empty -m more && echo hello > staged.txt && git add staged.txt`;
  execFileSync('sh', ['-c', script], { cwd: join(demo, 'repository'), env });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command where a reader would: in the demonstration, else in a copy of its repository. */
function runShown({ text }: ShownCommand): {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
} {
  const filled = FILLED_IN.reduce((line, [pattern, value]) => line.replace(pattern, value), text);
  const copy = join(folder, 'copy');
  rmSync(copy, { recursive: true, force: true });
  cpSync(join(demo, 'repository'), copy, { recursive: true });
  if (text.includes('.bowerbird/rules') || text.includes('acme-api-key')) writeRule(copy);
  const cwd = text.startsWith('cd dist/demo') ? demo : copy;
  const done = spawnSync('bash', ['-c', filled], { cwd, env, encoding: 'utf8' });
  return { code: done.status, output: done.stdout, errors: done.stderr };
}

function writeRule(repository: string): void {
  const rules = join(repository, '.bowerbird', 'rules');
  mkdirSync(rules, { recursive: true });
  writeFileSync(join(rules, 'acme.yaml'), rule);
}

/** Words of an output in one line; how many days ago something was depends on the day. */
function normalise(text: string): string {
  return text
    .replace(/\d+ days/g, 'N days')
    .replace(/\s+/g, ' ')
    .trim();
}

describe('commands of README.md and docs/', () => {
  it('are found, in blocks and in sentences', () => {
    const texts = commands.filter(({ page }) => page === 'README.md').map(({ text }) => text);
    expect(texts).toEqual(expect.arrayContaining(['bowerbird scan .', 'npm ci && npm test', 'bowerbird rules list']));
  });

  it('are left out only for a reason that still holds for one of them', () => {
    for (const [pattern] of NOT_RUN)
      expect(
        commands.some(({ text }) => pattern.test(text)),
        `${pattern}`,
      ).toBe(true);
  });

  // What several pages show is run once.
  const isFirst = (command: ShownCommand, at: number): boolean =>
    command.output !== undefined || commands.findIndex(({ text }) => text === command.text) === at;
  const run = commands.filter(isFirst).filter(({ text }) => reasonOf(text) === undefined);
  it.each(run.map((command) => [`${command.page}:${command.line}`, command.text, command] as const))(
    '%s: %s',
    (_, __, command) => {
      const { code, output, errors } = runShown(command);
      expect(errors).not.toMatch(/this is a bug|[Uu]nknown (?:option|command)/);
      expect([0, 1], errors).toContain(code);
      if (command.output === undefined) return;
      let at = 0;
      const shown = normalise(output);
      for (const piece of normalise(command.output).split(/ ?\.\.\. ?|…/)) {
        const next = shown.indexOf(piece, at);
        expect(next, `not shown, or not there: ${piece}`).toBeGreaterThanOrEqual(0);
        at = next + piece.length;
      }
    },
  );
});

describe('what README.md and docs/ name', () => {
  const yaml = pages.flatMap((page) => readBlocks(ROOT, page)).filter(({ language }) => language === 'yaml');

  it('are inputs of the Action, and hooks, that exist', () => {
    const action = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as { inputs: Record<string, unknown> };
    const hooks = parse(readFileSync(join(ROOT, '.pre-commit-hooks.yaml'), 'utf8')) as readonly {
      readonly id: string;
    }[];
    let steps = 0;
    for (const { page, line, text } of yaml) {
      expect(() => parse(text), `${page}:${line}`).not.toThrow();
      for (const [, names = ''] of text.matchAll(
        /uses: bowerbird-security\/bowerbird@\S+\n(?: *#.*\n)* *with: \{(.*)\}$/gm,
      )) {
        steps += 1;
        const inputs = Object.keys(parse(`{${names}}`) as object);
        expect(inputs.filter((name) => action.inputs[name] === undefined)).toEqual([]);
      }
      for (const [, list = ''] of text.matchAll(/hooks: \[(.*)\]/g))
        for (const [, id] of list.matchAll(/id: ([\w-]+)/g)) expect(hooks.map((hook) => hook.id)).toContain(id);
    }
    expect(steps).toBeGreaterThan(1);
  });

  it('are names of the library that it exports', () => {
    const library = createRequire(import.meta.url)(join(DIST, 'index.cjs')) as Record<string, unknown>;
    const texts = pages.map((page) => readFileSync(join(ROOT, page), 'utf8'));
    const imports = texts.flatMap((text) => [...text.matchAll(/import \{ ([\w, ]+) \} from 'bowerbird'/g)]);
    const names = imports.flatMap(([, list = '']) => list.split(', '));
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => typeof library[name] !== 'function')).toEqual([]);
  });

  it('are no more rules, providers and posture rules than there are', () => {
    const text = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const [, rules, providers] = /more than (\d+) rules for over (\d+) providers/.exec(text) ?? [];
    const posture = /more than (\d+) three-valued rules/.exec(text)?.[1];
    const listed = JSON.parse(
      execFileSync(process.execPath, [CLI, 'rules', 'list', '--json'], { cwd: folder, encoding: 'utf8' }),
    ) as readonly { readonly kind: string; readonly source: string }[];
    const detection = listed.filter((rule) => rule.kind === 'detection');
    expect(detection.length).toBeGreaterThan(Number(rules));
    // A file of rules is a provider.
    expect(new Set(detection.map(({ source }) => source.replace(/:\d+$/, ''))).size).toBeGreaterThan(Number(providers));
    expect(listed.length - detection.length).toBeGreaterThan(Number(posture));
  });
});
