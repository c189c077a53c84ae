import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Files of each kind: template in `scaffolds/` to path from the root, in which `__id__` stands for the id. There is
 * none for risk factors: another factor changes every score, so it is a decision and not an addition.
 */
const FILES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  rule: { 'rule.yaml': 'rules/detection/__id__.yaml' },
  'posture-rule': { 'posture-rule.yaml': 'rules/posture/__id__.yaml' },
  collector: plugin('collector', 'collectors'),
  source: {
    ...inFolder('source', 'src/collectors', [
      'index.ts',
      'endpoints.ts',
      'session.ts',
      'collect.ts',
      'probe.ts',
      'README.md',
    ]),
    ...inFolder('source', 'test/collectors', ['contract.test.ts', 'fake.ts']),
  },
  decoder: plugin('decoder', 'decoders'),
  check: plugin('check', 'detect/checks'),
  operator: plugin('operator', 'posture/operators'),
  verifier: plugin('verifier', 'verifiers'),
  join: plugin('join', 'correlate/joins'),
  'credential-reader': plugin('credential-reader', 'correlate/credentials'),
  reporter: plugin('reporter', 'reporters'),
};

export const SCAFFOLD_KINDS: readonly string[] = Object.keys(FILES);

/** A plug-in and its test: their folders mirror each other. */
function plugin(kind: string, folder: string): Readonly<Record<string, string>> {
  return { [`${kind}.ts`]: `src/${folder}/__id__.ts`, [`${kind}.test.ts`]: `test/${folder}/__id__.test.ts` };
}

/** A plug-in of several files: its templates lie in a folder of their own. */
function inFolder(kind: string, folder: string, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [`${kind}/${name}`, `${folder}/__id__/${name}`]));
}

/** Texts of the files of a scaffold by path from the root; undefined when there is no such kind. */
export function renderScaffold(root: string, kind: string, id: string): ReadonlyMap<string, string> | undefined {
  const files = Object.hasOwn(FILES, kind) ? FILES[kind] : undefined;
  if (files === undefined) return undefined;
  const rendered = new Map<string, string>();
  for (const [template, path] of Object.entries(files)) {
    const text = readFileSync(join(root, 'src/build/scaffolds', `${template}.template`), 'utf8');
    rendered.set(fill(path, id), fill(text, id));
  }
  return rendered;
}

/**
 * `__prefix__` is how a token of the provider could begin: the id without hyphens. `__VARIABLE__` is how variables of
 * the environment begin.
 */
function fill(text: string, id: string): string {
  const variable = id.replaceAll('-', '_').toUpperCase();
  const named = text.replaceAll('__prefix__', id.replaceAll('-', '')).replaceAll('__VARIABLE__', variable);
  return named.replaceAll('__id__', id);
}
