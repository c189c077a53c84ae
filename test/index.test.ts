import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import type * as Library from '../src/index.ts';
import { expandTemplate } from '../src/lib/template/expand.ts';
import { reporterLoaders } from '../src/reporters/loaders.generated.ts';
import { DIST } from './cli/run-bowerbird.ts';

const nodeRequire = createRequire(import.meta.url);

/** The library as it is shipped. */
const library = nodeRequire(join(DIST, 'index.cjs')) as typeof Library;

const TOKEN = expandTemplate('ghp_{github-crc:36}', 'test/library');
const folder = mkdtempSync(join(tmpdir(), 'bowerbird-library-'));
writeFileSync(join(folder, 'deploy.sh'), `export GITHUB_TOKEN=${TOKEN}\n`);
afterAll(() => rmSync(folder, { recursive: true }));

const NOW = new Date('2026-11-23T00:00:00Z');
const context = library.createScanContext({ now: () => NOW, cwd: folder });

it('gives what it promises, and nothing else', () => {
  expect(Object.keys(library).sort()).toMatchInlineSnapshot(`
    [
      "ConfigError",
      "ProviderError",
      "Secret",
      "UsageError",
      "createDefaultNetwork",
      "createScanContext",
      "defineCheck",
      "defineCollector",
      "defineDecoder",
      "defineFactor",
      "defineJoin",
      "defineOperator",
      "defineReporter",
      "defineVerifier",
      "gather",
      "joinGathered",
      "judge",
      "loadBuiltinCatalogue",
      "loadCatalogue",
      "makePlan",
      "renderReport",
      "report",
      "scan",
      "sealGathered",
      "unsealGathered",
    ]
  `);
});

it('scans a folder and gives findings that show no secret however they are printed', async () => {
  const report = await library.scan({ targets: [folder], noConfig: true }, context);
  expect(report.findings.map((finding) => finding.ruleId)).toEqual(['github-pat-classic']);
  expect(report.run).toMatchObject({ started: NOW.toISOString(), finished: NOW.toISOString() });
  expect(report.summary.state).toBe('findings');
  const rendered = await library.renderReport(report, 'sarif', RENDER, folder);
  for (const text of [JSON.stringify(report), inspect(report, { depth: null }), rendered, String(report.findings[0])]) {
    expect(text).not.toContain(TOKEN);
  }
  expect(JSON.stringify(report)).toContain('ghp_****');
});

it.each([...reporterLoaders.keys()])('renders %s without options', async (format) => {
  const report = await library.scan({ targets: [folder], noConfig: true }, context);
  expect(await library.renderReport(report, format)).not.toBe('');
});

it('gives the raw value only where it is asked for', async () => {
  const [finding] = (await library.scan({ targets: [folder], noConfig: true }, context)).findings;
  expect(finding?.kind === 'secret' ? finding.secret.reveal() : undefined).toBe(TOKEN);
});

it('throws errors that tell what the user can fix', async () => {
  const scan = (options: Library.ScanOptions): Promise<Library.Report> => library.scan(options, context);
  await expect(scan({ targets: [join(folder, 'missing')], noConfig: true })).rejects.toBeInstanceOf(library.UsageError);
  await expect(scan({ targets: [folder], config: 'missing.yaml' })).rejects.toThrow(/missing\.yaml/);
});

it('is offline unless a network is given', () => {
  expect(library.createScanContext()).not.toHaveProperty('network');
  const network = { fetch: () => Promise.reject(new Error('closed')) };
  expect(library.createScanContext({ network }).network).toBe(network);
});

const RENDER: Library.RenderOptions = { color: false, width: 80, showSecrets: false, verbose: false };
