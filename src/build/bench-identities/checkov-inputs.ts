import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { UsageError } from '../../model/errors.ts';

/** Text of a Python module or a test, with its path. */
interface Source {
  readonly path: string;
  readonly text: string;
}

/**
 * Copies what checkov tests a check with into a folder named like the check: the folders that the check's own test
 * names, the texts that stand inside that test, and the folder of a check that is written in YAML. `alone`: each file
 * that a test names is judged by itself, so it gets a folder of its own.
 *
 * @throws UsageError where the folder is no copy of checkov's repository
 */
export function layOut(
  repository: string,
  framework: string,
  checks: readonly string[],
  root: string,
  alone: boolean,
): void {
  const modules = readSources(join(repository, 'checkov', framework, 'checks'), /\.(?:py|yaml)$/);
  const tests = readSources(join(repository, 'tests', framework), /^test_.*\.py$/);
  if (modules.length === 0 || tests.length === 0)
    throw new UsageError(
      `${repository} has no checks or no tests of ${framework}: it must be a copy of the repository.`,
    );
  for (const check of checks) {
    const own = modules.filter(({ text }) => new RegExp(`\\bid\\s*[:=]\\s*["']?${check}\\b`).test(text));
    const target = join(root, check);
    mkdirSync(target, { recursive: true });
    for (const module of own) {
      if (module.path.endsWith('.yaml')) {
        copy(
          join(repository, 'tests', framework, 'graph', 'checks', 'resources', basename(module.path, '.yaml')),
          target,
        );
        continue;
      }
      const name = toModule(repository, module);
      const ownTests = tests.filter(({ text }) => text.includes(`${name} import`));
      for (const input of new Set(ownTests.flatMap(namedInputs)))
        if (alone) copyApart(input, target);
        else copy(input, target);
      for (const [index, text] of ownTests.flatMap(innerTexts).entries()) {
        const folder = join(target, `inner-${index}`);
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, 'main.tf'), text);
      }
    }
  }
}

function copy(input: string, target: string): void {
  // What checkov expects of a folder is no part of it.
  const filter = (name: string): boolean => basename(name) !== 'expected.yaml';
  if (existsSync(input)) cpSync(input, join(target, basename(input)), { recursive: true, filter });
}

function copyApart(input: string, target: string): void {
  const names = statSync(input).isDirectory() ? readdirSync(input) : [''];
  for (const file of names.map((name) => join(input, name)))
    if (statSync(file).isFile()) copy(file, join(target, basename(input), basename(file, extname(file))));
}

function readSources(folder: string, pattern: RegExp): Source[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => pattern.test(basename(name)))
    .sort()
    .map((name) => ({ path: join(folder, name), text: readFileSync(join(folder, name), 'utf8') }));
}

/** A module as Python's `import` names it. */
function toModule(repository: string, { path }: Source): string {
  return path
    .slice(repository.length + 1, -'.py'.length)
    .split(/[\\/]/)
    .join('.');
}

/** Folders and files beside a test that a text in quotes names. */
function namedInputs({ path, text }: Source): string[] {
  const names = [...text.matchAll(/["']\/?(\w[\w./-]*)["']/g)].map(([, name]) => String(name));
  return names
    .filter((name) => !name.includes('..') && !name.endsWith('.py'))
    .map((name) => join(dirname(path), name))
    .filter((file) => existsSync(file));
}

/** Declarations that a test holds as texts of its own. */
function innerTexts({ text }: Source): string[] {
  return [...text.matchAll(/hcl2\.loads\(\s*(?:"""|''')([\s\S]*?)(?:"""|''')/g)].map(([, inner]) => String(inner));
}
