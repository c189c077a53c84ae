import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative } from 'node:path';
import { toSlashes } from '../../lib/system.ts';

/**
 * How a test file is run. `unit`: in a thread that files share. `system`: in a process that files share. `alone`: in a
 * process of its own. `mocked`: so too, and vitest loads the sources. Any other word is a lane: the file is called
 * `<what>.<lane>.test.ts`, and `npm test` leaves it out.
 */
export type TestKind = string;

/** A file below `test/` and what it imports from there. */
export interface TestSource {
  /** From the root, with slashes. */
  readonly path: string;
  readonly text: string;
  /** Paths of the files that it imports by a relative name, from the root. */
  readonly imports: readonly string[];
}

/** Kinds that make up the default lane, in the order in which they run. */
export const DEFAULT_KINDS = ['alone', 'mocked', 'system', 'unit'] as const;

const TEST_NAME = /\.test\.ts$/;
const LANE_NAME = /\.([a-z]+)\.test\.ts$/;
const IMPORT = /(?:\bfrom|\bimport|\bimport\()\s*['"](\.[^'"]+)['"]/g;

/** Starts a process, or a thread. */
const STARTS = /['"](?:node:)?(?:child_process|cluster|worker_threads)['"]/;

/** Replaces a module for those that import it. */
const MOCKS = /\bvi\.(?:doMock|mock|resetModules)\b/;

/** Changes what other files of the same process would see, or measures the process. */
const DISTURBS = [
  /\bvi\.(?:hoisted|spyOn|stub\w+|useFakeTimers|setSystemTime)\b/,
  /\bprocess\.(?:chdir|exit|exitCode|kill|memoryUsage|on|once|resourceUsage|umask)\b/,
  /\bprocess\.env(?:\.\w+|\[[^\]]+\])\s*=(?!=)|\bdelete process\.env\b/,
  /\b(?:global|globalThis)(?:\.\w+|\[[^\]]+\])\s*=(?!=)/,
  /\bprocess\.std(?:err|in|out)\.\w+\s*=(?!=)/,
  /\bsetFlagsFromString\b/,
];

/** Every TypeScript file below `test/`. */
export function readTests(root: string): readonly TestSource[] {
  const entries = readdirSync(join(root, 'test'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.ts'));
  const paths = files.map((entry) => toSlashes(relative(root, join(entry.parentPath, entry.name))));
  return paths.sort().map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    return { path, text, imports: importsOf(path, text) };
  });
}

function importsOf(path: string, text: string): readonly string[] {
  const names = [...text.matchAll(IMPORT)].map((match) => match[1] ?? '');
  return names.map((name) => posix.normalize(posix.join(posix.dirname(path), name)));
}

/**
 * Returns the kind of each test file, by its name and by what it and the helpers that it imports say. A file is `unit`
 * only where nothing speaks against it, so a new test is safe without anybody listing it.
 */
export function classifyTests(sources: readonly TestSource[]): ReadonlyMap<string, TestKind> {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const tests = sources.filter(({ path }) => TEST_NAME.test(path));
  return new Map(tests.map((test) => [test.path, kindOf(test, byPath)]));
}

function kindOf(test: TestSource, byPath: ReadonlyMap<string, TestSource>): TestKind {
  const lane = LANE_NAME.exec(test.path)?.[1];
  if (lane !== undefined) return lane;
  const code = closeOver(test, byPath).map(({ text }) => text);
  if (code.some((text) => MOCKS.test(text))) return 'mocked';
  if (code.some((text) => DISTURBS.some((pattern) => pattern.test(text)))) return 'alone';
  return code.some((text) => STARTS.test(text)) ? 'system' : 'unit';
}

/** The file and all files of `test/` that it reaches by imports. */
function closeOver(test: TestSource, byPath: ReadonlyMap<string, TestSource>): readonly TestSource[] {
  const reached = new Set([test]);
  for (const source of reached) {
    for (const path of source.imports) {
      const target = byPath.get(path);
      if (target !== undefined) reached.add(target);
    }
  }
  return [...reached];
}

/** Paths of the tests that reach a file of `test/` by imports. */
export function testsThatReach(sources: readonly TestSource[], path: string): readonly string[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const tests = sources.filter((source) => TEST_NAME.test(source.path));
  const reaching = tests.filter((test) => closeOver(test, byPath).some((source) => source.path === path));
  return reaching.map((test) => test.path);
}
