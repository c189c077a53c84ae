import { describe, expect, it } from 'vitest';
import { readSources } from './source-files.ts';

/** Functions that open a file for reading. */
const OPENS = /\b(?:readFile|readFileSync|open|openSync|createReadStream|openAsBlob)\b/;

/**
 * Files that may open files themselves, and why. All others read what a repository brings through
 * `lib/files/tree-file.ts`, which follows no link, waits for no pipe, and knows a limit.
 */
const MAY_OPEN: Readonly<Record<string, string>> = {
  'src/lib/files/tree-file.ts': 'the one way to open a file of a tree',
  'src/collectors/files/ahead.ts': 'opens with OPEN_FLAGS, in the thread pool',
  'src/git/pack/pack-file.ts': 'opens with OPEN_LINKED, reads parts',
  'src/git/pack/single-index.ts': 'opens with OPEN_LINKED, reads parts',
  'src/detect/fast/serialise.ts': 'the compiled rules beside the bundle',
  'src/ruleset/catalogue/builtin.ts': 'the built-in rules beside the bundle',
  'src/ruleset/catalogue/catalogue-file.ts': 'the built-in rules beside the bundle',
  'src/cli/start/code-cache.ts': "the user's own cache folder, checked",
  'src/lib/files/write-file.ts': 'opens to write, and follows no link',
  'src/lib/files/user-cache.ts': "the user's own cache folder, checked",
  'src/mirrors/usage.ts': 'opens with OPEN_FLAGS, reads what was appended',
  'src/store/upkeep/restore.ts': 'the backup that the user names',
  'src/action/main.ts': 'the event file that the runner wrote',
};

describe('files of a scanned tree', () => {
  const opening = readSources('src')
    .filter((file) => !file.path.startsWith('src/build/'))
    .filter((file) => fileSystemImports(file.text).some((name) => OPENS.test(name)))
    .map((file) => file.path)
    .sort();

  it('are opened in one place', () => {
    const advice =
      'read it with src/lib/files/tree-file.ts; a file that may open files itself stands in MAY_OPEN with the reason';
    expect(opening, advice).toEqual(Object.keys(MAY_OPEN).sort());
  });
});

/** The names that a source imports from `node:fs` and `node:fs/promises`; `open` where it imports the whole module. */
function fileSystemImports(text: string): string[] {
  const imports = text.matchAll(/import\s+(?:type\s+)?([^;]*?)\s+from\s+'node:fs(?:\/promises)?'/g);
  return [...imports].flatMap(([, names = '']) => (names.startsWith('{') ? names.split(/[{},]/) : ['open']));
}
