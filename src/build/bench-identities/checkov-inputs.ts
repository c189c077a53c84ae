import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../../model/errors.ts';

/** Text of a Python module or a test, with its path. */
interface Source {
  readonly path: string;
  readonly text: string;
}

/**
 * Copies what checkov tests a check with into a folder named like the check: the folders that the check's own test
 * names, the texts that stand inside that test, and the folder of a check that is written in YAML.
 *
 * @throws UsageError where the folder is no copy of checkov's repository
 */
export function layOut(repository: string, framework: string, checks: readonly string[], root: string): void {
  const modules = readSources(join(repository, 'checkov', framework, 'checks'), /\.(?:py|yaml)$/);
  const tests = readSources(join(repository, 'tests', framework), /^test_.*\.py$/);
  if (modules.length === 0 || tests.length === 0)
    throw new UsageError(
      `${repository} has no checks or no tests of ${framework}: it must be a copy of the repository.`,
    );
  for (const check of checks) {
    const own = modules.filter(({ text }) => new RegExp(`\\bid\\s*[:=]\\s*["']?${check}\\b`).test(text));
    const inputs = own.flatMap((module) =>
      module.path.endsWith('.yaml')
        ? [join(repository, 'tests', framework, 'graph', 'checks', 'resources', basename(module.path, '.yaml'))]
        : tests.filter(({ text }) => text.includes(`${toModule(repository, module)} import`)).flatMap(namedInputs),
    );
    const texts = own.flatMap((module) =>
      tests.filter(({ text }) => text.includes(`${toModule(repository, module)} import`)).flatMap(innerTexts),
    );
    copyInputs(join(root, check), inputs, texts);
  }
}

function copyInputs(target: string, inputs: readonly string[], texts: readonly string[]): void {
  mkdirSync(target, { recursive: true });
  for (const input of new Set(inputs))
    if (existsSync(input)) cpSync(input, join(target, basename(input)), { recursive: true });
  for (const [index, text] of texts.entries()) {
    const folder = join(target, `inner-${index}`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'main.tf'), text);
  }
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
