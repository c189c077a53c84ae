import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../../src/config/load.ts';
import { CONFIG_SCHEMA } from '../../src/config/schema.ts';
import { EXIT } from '../../src/engine/judge/summary.ts';
import { DEFAULT_LIMITS } from '../../src/engine/plan/limits.ts';
import { flagsOf } from '../../src/flags/names.ts';
import { VERBS } from '../../src/flags/verbs.ts';
import { DEFAULT_THRESHOLDS } from '../../src/model/thresholds.ts';
import { REPORT_SCHEMA } from '../../src/reporters/json-schema.ts';
import { GAP_REASONS, SKIP_REASONS } from '../../src/reporters/shared/reasons.ts';
import { ROOT } from '../cli/run-bowerbird.ts';
import { listPages, readBlocks } from './pages.ts';
import { readColumn, readRows, readSection } from './tables.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
/** The part of a page below a heading. */
const section = (page: string, heading: string): string => readSection(read(`docs/${page}`), heading);
const namesOf = (value: object): string[] => Object.keys(value).sort();
const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

interface Properties {
  readonly properties: Readonly<Record<string, Properties>>;
  readonly items: Properties;
  readonly $defs: Readonly<Record<string, Properties>>;
}

describe('tables of docs/', () => {
  it('list every reason of a gap and of a skip', () => {
    expect(readColumn(section('not-scanned.md', 'Gaps'))).toEqual(namesOf(GAP_REASONS));
    expect(readColumn(section('not-scanned.md', 'Skips'))).toEqual(namesOf(SKIP_REASONS));
  });

  it('list every exit code', () => {
    const codes = [...read('docs/exit-codes.md').matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(codes).toEqual(Object.values(EXIT));
  });

  it('list every member of the JSON report', () => {
    const schema = REPORT_SCHEMA as unknown as Properties;
    const coverage = schema.properties['coverage']?.items.properties ?? {};
    const finding = schema.properties['findings']?.items.properties ?? {};
    const location = schema.$defs['location']?.properties ?? {};
    expect(readColumn(section('reports.md', 'JSON'))).toEqual(namesOf(schema.properties));
    expect(readColumn(section('reports.md', 'A finding'))).toEqual(namesOf(finding));
    expect(readColumn(section('reports.md', 'A location'))).toEqual(namesOf(location));
    expect(readColumn(section('reports.md', 'Coverage'))).toEqual(namesOf(coverage));
  });

  it('list the columns of the tables for a spreadsheet, in their order', () => {
    const lists = [...section('reports.md', 'CSV').matchAll(/^`.*(?:\n.+)*/gm)].map(([list]) =>
      [...list.matchAll(/`(\w+)`/g)].map(([, name]) => name),
    );
    for (const format of ['csv', 'identities']) {
      const [header = ''] = read(`fixtures/reports/${format}.golden`).split(/\r?\n/);
      expect(lists).toContainEqual(header.replaceAll('"', '').split(','));
    }
  });

  it('list every key of the configuration, with its default', () => {
    const { rules, ...others } = CONFIG_SCHEMA.properties;
    const keys = [...Object.keys(others), ...Object.keys(rules.properties).map((name) => `rules.${name}`)];
    expect(readColumn(section('configuration.md', 'Configuration'))).toEqual(keys.sort());
    expect(readColumn(section('configuration.md', 'Allow'))).toEqual(namesOf(others.allow.items.properties));
    const limits = Object.entries(DEFAULT_LIMITS).map(([name, value]) => [kebab(name), String(value)]);
    expect(readRows(section('configuration.md', 'Limits'))).toEqual(limits);
    const thresholds = Object.entries(DEFAULT_THRESHOLDS).map(([name, value]) => [name, String(value)]);
    expect(readRows(section('configuration.md', 'Thresholds'))).toEqual(thresholds);
  });

  it('mark the thresholds that nothing names but rules of the user', () => {
    const marked = readColumn(
      section('configuration.md', 'Thresholds')
        .split('\n')
        .filter((line) => line.includes('(*)'))
        .join('\n'),
    );
    const rules = readdirSync(join(ROOT, 'rules/posture')).map((name) => read(`rules/posture/${name}`));
    const uses = [...rules, read('src/risk/shared/lifecycle-questions.ts')].join('\n');
    expect(marked).toEqual(namesOf(DEFAULT_THRESHOLDS).filter((name) => !uses.includes(name)));
  });

  it('list every command, and every flag of a scan', () => {
    expect(readColumn(section('command-line.md', 'Commands'))).toEqual(namesOf(VERBS));
    const shown = new Set(section('command-line.md', 'Flags of a scan').match(/--[a-z-]+/g));
    for (const { name, help, off } of flagsOf('scan').filter(({ hidden }) => hidden !== true)) {
      if (help !== undefined) expect([...shown]).toContain(`--${name}`);
      if (off !== undefined) expect([...shown]).toContain(`--no-${name}`);
    }
  });

  it('list every input and output of the Action', () => {
    const action = parse(read('action.yml')) as { readonly inputs: object; readonly outputs: object };
    expect(readColumn(section('github-action.md', 'Inputs'))).toEqual(namesOf(action.inputs));
    expect(readColumn(section('github-action.md', 'Outputs'))).toEqual(namesOf(action.outputs));
  });
});

describe('docs/', () => {
  it('names every page in its list', () => {
    const pages = listPages(ROOT).filter((page) => page.startsWith('docs/') && page !== 'docs/README.md');
    const linked = [...read('docs/README.md').matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, name]) => `docs/${name}`);
    expect(linked.sort()).toEqual([...pages].sort());
  });

  it('shows configurations that are right', async () => {
    const blocks = ['docs/configuration.md', 'docs/accepting-findings.md'].flatMap((page) => readBlocks(ROOT, page));
    const configurations = blocks.filter(({ language }) => language === 'yaml');
    expect(configurations.length).toBeGreaterThan(1);
    for (const { page, text } of configurations) {
      const { except, allow } = await parseConfig(text, page);
      const ids = [...except, ...allow.flatMap(({ ruleIds = [] }) => ruleIds)];
      for (const id of ids) expect(read(`rules/detection/${id.split('-')[0]}.yaml`)).toContain(`id: ${id}\n`);
    }
  });
});
