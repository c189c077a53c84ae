import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { registryFile, renderRegistry } from '../../src/build/generate.ts';
import { CHECK_TABLE, renderCheckTable } from '../../src/build/generated/check-table.ts';
import { PAGE_TABLES, renderPage } from '../../src/build/generated/page-tables.ts';
import { listPlugins, PLUGIN_KINDS } from '../../src/build/plugin-kinds.ts';
import { collectors } from '../../src/collectors/index.generated.ts';
import { credentialReaders } from '../../src/correlate/credentials/index.generated.ts';
import { joins } from '../../src/correlate/joins/index.generated.ts';
import { decoders } from '../../src/decoders/index.generated.ts';
import { checks } from '../../src/detect/checks/index.generated.ts';
import { operators } from '../../src/posture/operators/index.generated.ts';
import { factors } from '../../src/risk/factors/index.generated.ts';
import { verifiers } from '../../src/verifiers/index.generated.ts';
import { outputs } from '../outputs/all-outputs.ts';
import { reporters } from '../reporters/all-reporters.ts';
import { ROOT } from './source-files.ts';

const REGISTRIES: Readonly<Record<string, readonly { readonly id: string; readonly title: string }[]>> = {
  collector: collectors,
  decoder: decoders,
  check: checks,
  operator: operators,
  verifier: verifiers,
  join: joins,
  'credential-reader': credentialReaders,
  factor: factors,
  reporter: reporters,
  output: outputs,
};

/** Factors are named by their letter in the vector. */
const FREE_IDS = new Set(['factor']);

function idOf(path: string): string {
  return path.endsWith('/index.ts') ? path.slice(2, -'/index.ts'.length) : basename(path, '.ts');
}

describe.each(PLUGIN_KINDS)('$kind plug-ins', (kind) => {
  it('has a fresh registry', async () => {
    const file = join(ROOT, registryFile(kind));
    expect(await readFile(file, 'utf8'), 'run "npm run generate"').toBe(await renderRegistry(ROOT, kind));
  });

  it('has at least one plug-in, each with a test of the same name', async () => {
    const ids = (await listPlugins(ROOT, kind)).map(idOf);
    expect(ids.length).toBeGreaterThan(0);
    const folder = join(ROOT, kind.folder.replace(/^src/, 'test'));
    const untested = ids.filter((id) => !existsSync(join(folder, `${id}.test.ts`)) && !existsSync(join(folder, id)));
    expect(untested, `write ${folder}/<id>.test.ts (or a folder <id>) for each of these`).toEqual([]);
  });

  it('has ids equal to file names, titles, and no id twice', async () => {
    const registry = REGISTRIES[kind.kind] ?? [];
    const ids = registry.map((plugin) => plugin.id);
    expect(new Set(ids).size, `two plug-ins have one id: ${ids.join(', ')}`).toBe(ids.length);
    const names = (await listPlugins(ROOT, kind)).map(idOf).sort();
    if (!FREE_IDS.has(kind.kind)) expect([...ids].sort(), 'an id is the name of its file').toEqual(names);
    const untitled = registry.filter((plugin) => plugin.title.trim() === '').map(({ id }) => id);
    expect(untitled, 'write a title for each of these').toEqual([]);
  });
});

it('has a fresh table of checks', async () => {
  const advice = 'run "npm run generate": the table says what the checks say of themselves';
  expect(await readFile(join(ROOT, CHECK_TABLE), 'utf8'), advice).toBe(renderCheckTable(checks));
});

it.each(PAGE_TABLES)('$page lists every $kind', async (table) => {
  const text = await readFile(join(ROOT, table.page), 'utf8');
  expect(text, 'run "npm run generate"').toBe(renderPage(text, table, REGISTRIES[table.kind] ?? []));
});
