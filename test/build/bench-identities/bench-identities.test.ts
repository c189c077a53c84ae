import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readReport } from '../../../src/build/bench-identities/bowerbird.ts';
import { cloudsplaining } from '../../../src/build/bench-identities/cloudsplaining.ts';
import type { Surroundings } from '../../../src/build/bench-identities/model.ts';
import { readOptions } from '../../../src/build/bench-identities/options.ts';
import { findShort, render } from '../../../src/build/bench-identities/render.ts';
import { SPECIALISTS } from '../../../src/build/bench-identities/table.ts';
import { zizmor } from '../../../src/build/bench-identities/zizmor.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bowerbird-test-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('options', () => {
  it('name the specialists where a flag is wrong or none is named', () => {
    expect(() => readOptions(folder, ['--nobody', folder], SPECIALISTS)).toThrow('--cloudsplaining');
    expect(() => readOptions(folder, [], SPECIALISTS)).toThrow('Name the folder of at least one specialist');
    expect(() => readOptions(folder, ['--cloudsplaining', join(folder, 'no')], SPECIALISTS)).toThrow('is not a folder');
  });
});

describe('every specialist', () => {
  it.each(SPECIALISTS.map((specialist) => [specialist.name, specialist] as const))(
    '%s says what counts and why the rest does not',
    (_name, { checks, leftOut, setup }) => {
      expect(Object.keys(checks).length).toBeGreaterThan(0);
      expect(leftOut.filter(({ reason }) => reason.length < 10)).toEqual([]);
      expect(setup).not.toBe('');
    },
  );
});

describe('cloudsplaining', () => {
  const user = 'arn:aws:iam::012345678901:user/a';
  const results = {
    users: { U1: { arn: user, inline_policies: { P1: 'p' }, groups: { G1: 'g' } } },
    roles: {},
    groups: { G1: { arn: 'arn:aws:iam::012345678901:group/g', customer_managed_policies: { P2: 'q' } } },
    inline_policies: { P1: { ServiceWildcard: { findings: ['s3'] }, InfrastructureModification: { findings: ['x'] } } },
    customer_managed_policies: {
      P2: { Arn: 'arn:aws:iam::012345678901:policy/q', DataExfiltration: { findings: ['s3:GetObject'] } },
    },
  };

  function surroundings(): Surroundings {
    for (const dump of ['examples/files/example.json', ...TESTS.map((name) => `test/files/${name}`)]) {
      mkdirSync(dirname(join(folder, dump)), { recursive: true });
      writeFileSync(join(folder, dump), JSON.stringify({ UserDetailList: [{ Arn: user }] }));
    }
    const scratch = join(folder, 'scratch');
    mkdirSync(scratch);
    return {
      folder,
      executable: 'cloudsplaining',
      scratch,
      ask: async (_file, args) => {
        const name = args[4]?.split('/').at(-1);
        writeFileSync(
          join(String(args[6]), `iam-results-${name}`),
          JSON.stringify(name === 'example.json' ? results : {}),
        );
        return '';
      },
      scan: async () =>
        readReport(
          JSON.stringify({ findings: [{ ruleId: 'aws-data-exfiltration', identityId: user, locations: [] }] }),
          '',
        ),
    };
  }

  it('compares by principal and category, with the policies of groups, and says what is missing', async () => {
    const comparisons = await cloudsplaining.compare(surroundings());
    const [principals] = comparisons;
    expect(principals?.expected.map(({ check, place }) => `${check} ${place}`).sort()).toEqual([
      'DataExfiltration arn:aws:iam::012345678901:group/g',
      `DataExfiltration ${user}`,
      `ServiceWildcard ${user}`,
    ]);
    expect(principals?.found.map(({ check }) => check)).toEqual(['DataExfiltration']);
    expect(findShort(cloudsplaining, comparisons)).toContain(
      'users, roles and groups: 3 pairs, at least 159 are expected',
    );
    const text = render(cloudsplaining, comparisons);
    expect(text).toContain('| DataExfiltration | 1 | 2 | 50.0 % |');
    expect(text).toContain(`| missed | ServiceWildcard | example.json | ${user} |`);
    expect(text).toContain('| InfrastructureModification | every policy that writes has it');
  });

  it('leaves out what its makers call a false positive', () => {
    const place = 'arn:aws:iam::200611803367:role/fp1-allow-and-deny-role';
    const expected = [{ input: 'example.json', check: 'ServiceWildcard', place }];
    const comparison = { scope: { title: 'x', least: 1 }, expected, found: [] };
    expect(findShort(cloudsplaining, [comparison])).toHaveLength(1);
    expect(render(cloudsplaining, [comparison])).toContain('| all | 0 | 0 | - |');
  });

  it('says which input is missing', async () => {
    const { scan, ask } = surroundings();
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    const asked = cloudsplaining.compare({ folder: empty, executable: '', scratch: empty, scan, ask });
    await expect(asked).rejects.toThrow('examples/files/example.json does not exist');
  });
});

describe('zizmor', () => {
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(folder, 'data', name)), { recursive: true });
    writeFileSync(join(folder, 'data', name), text);
  };
  const told = (ident: string, persona: string, path: string): unknown => ({
    ident,
    determinations: { persona },
    locations: [{ symbolic: { key: { Local: { verbatim_path: join(folder, 'scratch', path) } } } }],
  });

  it('puts files where hosts look for them, and compares by audit, file and persona', async () => {
    write('a/b.yml', 'on: push\njobs: {}');
    write('c/action.yml', 'runs: { using: composite }');
    write('d/dependabot.yml', 'updates: []');
    write('e.yml', 'rules: {}');
    const workflow = 'main/.github/workflows/a__b.yml';
    const scratch = join(folder, 'scratch');
    const asked: string[] = [];
    const comparisons = await zizmor.compare({
      folder: join(folder, 'data'),
      executable: 'zizmor',
      scratch,
      ask: async () =>
        JSON.stringify([
          told('secrets-inherit', 'Regular', workflow),
          told('secrets-inherit', 'Regular', workflow),
          told('artipacked', 'Auditor', 'main/actions/c__action.yml/action.yml'),
          told('cache-poisoning', 'Regular', workflow),
        ]),
      scan: async (target, flags = []) => {
        asked.push([target, ...flags].join(' ').replace(scratch, ''));
        const findings = [{ ruleId: 'workflow-inherits-secrets', locations: [{ path: '.github/workflows/a__b.yml' }] }];
        return readReport(JSON.stringify({ findings }), target);
      },
    });
    expect(asked).toEqual([
      '/main --pack auditor --no-config',
      '/main --no-config',
      '/dependabot/d__dependabot.yml --pack auditor --no-config',
      '/dependabot/d__dependabot.yml --no-config',
    ]);
    const figures = comparisons.map(({ expected, found }) => `${found.length} of ${expected.length}`);
    expect(figures).toEqual(['1 of 2', '1 of 1']);
    expect(findShort(zizmor, comparisons)).toHaveLength(2);
  });

  it('says that a folder holds nothing', async () => {
    mkdirSync(join(folder, 'data'));
    const ask = async (): Promise<string> => '[]';
    const scan = async () => readReport('{}', '');
    const asked = zizmor.compare({ folder: join(folder, 'data'), executable: '', scratch: folder, scan, ask });
    await expect(asked).rejects.toThrow('holds no workflow');
  });
});

const TESTS = [
  'example-authz-details.json',
  'example_authz_details_for_overrides.json',
  'example_authz_details_for_overrides_complete.json',
  'example_authz_v2.json',
];
