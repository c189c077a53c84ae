import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runBowerbird } from '../run-either.ts';
import { FILE_KINDS } from './file-kinds.ts';

interface Entry {
  readonly id: string;
  readonly evidence: readonly { readonly location?: { readonly path: string; readonly startLine: number } }[];
}

const KINDS = 19;

describe('each kind of file that declares identities', () => {
  let folder = '';
  let entries: readonly Entry[] = [];
  let repository = '';
  let gaps: readonly unknown[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bowerbird-kinds-'));
    for (const [path, text] of FILE_KINDS.flatMap(({ files }) => Object.entries(files))) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const { stdout } = await runBowerbird(['inventory', '.', '--json'], { cwd: folder });
    const report = JSON.parse(stdout) as {
      readonly identities: readonly Entry[];
      readonly coverage: readonly { readonly gaps: readonly unknown[] }[];
    };
    entries = report.identities;
    gaps = report.coverage.flatMap((scope) => scope.gaps);
    repository = entries.find(({ id }) => id.startsWith('codeowners:'))?.id.slice('codeowners:'.length) ?? '';
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is in the table', () => {
    expect(FILE_KINDS).toHaveLength(KINDS);
    for (const { files, entries: wanted } of FILE_KINDS) expect(Object.keys(wanted)).toEqual(Object.keys(files));
  });

  it.each(FILE_KINDS.map((kind) => [kind.title, kind] as const))('%s: entries with their place', (_, kind) => {
    for (const [path, pattern] of Object.entries(kind.entries)) {
      const id = pattern.replace('REPO', repository);
      const found = entries.filter((entry) => (id.endsWith('#') ? entry.id.startsWith(id) : entry.id === id));
      const places = found.flatMap(({ evidence }) => evidence.map(({ location }) => location?.path));
      expect(places, `${id} stands in ${path}`).toContain(path);
    }
  });

  it('leaves nothing unread', () => {
    expect(gaps).toEqual([]);
  });
});
