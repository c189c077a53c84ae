import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Log, Result, Run } from 'sarif';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import type { Report } from '../../src/model/report.ts';
import type { RenderOptions } from '../../src/reporters/contract.ts';
import sarif from '../../src/reporters/sarif.ts';
import { hashLines } from '../../src/reporters/shared/line-hash.ts';
import { itRarely } from '../it-rarely.ts';
import {
  buildCleanReport,
  buildEmptyReport,
  buildSampleReport,
  buildSeveralReport,
  readSampleFile,
  SEVERAL,
} from './sample-report.ts';

const options: RenderOptions = {
  color: false,
  width: 80,
  showSecrets: false,
  verbose: false,
  readFile: readSampleFile,
};

function render(report: Report, overrides: Partial<RenderOptions> = {}): Log {
  return JSON.parse(sarif.render(report, { ...options, ...overrides })) as Log;
}

function runOf(log: Log, part: 'head' | 'history'): Run {
  const run = log.runs.find((one) => one.automationDetails?.id === `bowerbird/${part}/`);
  if (run === undefined) throw new Error(`no run ${part}`);
  return run;
}

function resultsOf(log: Log, part: 'head' | 'history'): Result[] {
  return runOf(log, part).results ?? [];
}

function withFindings(findings: readonly Finding[]): Report {
  return { ...buildSampleReport(), findings };
}

function findingOf(ruleId: string): Finding {
  const finding = buildSampleReport().findings.find((one) => one.ruleId === ruleId);
  if (finding === undefined) throw new Error(`no sample finding of ${ruleId}`);
  return finding;
}

describe('sarif schema', () => {
  let validate: ReturnType<Ajv2020['compile']>;
  beforeAll(() => {
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(ajv);
    validate = ajv.compile(JSON.parse(readFileSync('fixtures/reports/sarif-2.1.0.schema.json', 'utf8')));
  });

  it.each([
    ['full', buildSampleReport],
    ['clean', buildCleanReport],
    ['empty', buildEmptyReport],
    ['several repositories', buildSeveralReport],
  ])('is met: %s', (_, build) => {
    validate(render(build()));
    expect(validate.errors).toBeNull();
  });

  it('would find a wrong document', () => {
    const log = render(buildSampleReport());
    expect(validate({ ...log, version: '2.0.0' })).toBe(false);
  });
});

describe('GitHub profile', () => {
  const log = render(buildSampleReport());
  const results = log.runs.flatMap((run) => run.results ?? []);
  const rules = log.runs.flatMap((run) => run.tool.driver.rules ?? []);

  it('has results that name existing rules by id and index', () => {
    for (const run of log.runs) {
      for (const result of run.results ?? []) {
        expect(run.tool.driver.rules?.[result.ruleIndex ?? -1]?.id).toBe(result.ruleId);
      }
    }
    expect(results.length).toBeGreaterThan(5);
  });

  it('has rule ids once per run, and every text that GitHub requires within its limits', () => {
    for (const run of log.runs) {
      const ids = (run.tool.driver.rules ?? []).map((rule) => rule.id);
      expect(new Set(ids).size).toBe(ids.length);
    }
    for (const rule of rules) {
      expect(rule.name?.length ?? 0).toBeLessThanOrEqual(255);
      expect(rule.shortDescription?.text.length).toBeGreaterThan(0);
      expect(rule.shortDescription?.text.length).toBeLessThanOrEqual(1024);
      expect(rule.fullDescription?.text.length).toBeLessThanOrEqual(1024);
      expect(rule.help?.text).toBeTruthy();
      expect(rule.help?.markdown).toBeTruthy();
    }
  });

  it('gives severity as text in GitHub bands, precision and fewer than ten tags', () => {
    const bands = { critical: [9.1, 10], high: [7, 8.9], medium: [4, 6.9], low: [0.1, 3.9] } as const;
    for (const rule of rules) {
      const band = rule.id.split('/').at(-1) as keyof typeof bands;
      const text = rule.properties?.['security-severity'];
      expect(typeof text).toBe('string');
      expect(Number(text)).toBeGreaterThanOrEqual(bands[band][0]);
      expect(Number(text)).toBeLessThanOrEqual(bands[band][1]);
      expect(['very-high', 'high', 'medium', 'low']).toContain(rule.properties?.['precision']);
      expect(rule.properties?.tags).toContain('security');
      expect(rule.properties?.tags?.length).toBeLessThan(10);
    }
    expect(rules.find((rule) => rule.id.startsWith('github-pat'))?.properties?.tags).toContain('external/cwe/cwe-798');
  });

  it('gives every result a line hash, our own fingerprint, a region and relative encoded URIs', () => {
    for (const result of results) {
      expect(result.partialFingerprints?.['primaryLocationLineHash']).toMatch(/^[0-9a-f]{1,16}:\d+$/);
      expect(result.partialFingerprints?.['bowerbirdFingerprint/v1']).toBeTruthy();
      expect(result.locations?.length).toBeLessThanOrEqual(100);
      for (const { physicalLocation } of [...(result.locations ?? []), ...(result.relatedLocations ?? [])]) {
        const uri = physicalLocation?.artifactLocation?.uri ?? '';
        expect(uri).toMatch(/^(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})+(?:\/(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})+)*$/);
        const { startLine = 0, startColumn = 0, endLine = 0, endColumn = 0 } = physicalLocation?.region ?? {};
        expect(Math.min(startLine, startColumn, endLine, endColumn)).toBeGreaterThanOrEqual(1);
        expect(endLine > startLine || endColumn > startColumn).toBe(true);
      }
    }
  });

  it('has no suppressed finding, placeholder, snippet, e-mail address or author', () => {
    const text = JSON.stringify(log);
    expect(results.some((result) => result.suppressions !== undefined)).toBe(false);
    expect(text).not.toContain('slack-bot-token');
    expect(text).not.toContain('stripe-secret-key');
    expect(text).not.toContain('snippet');
    expect(text).not.toContain('Ada Example');
    expect(text).not.toMatch(/[\w.+-]+@[\w-]+\.[a-z]{2,}/i);
  });

  it('says which columns it counts and has one category per run', () => {
    expect(log.runs.map((run) => run.columnKind)).toEqual(['utf16CodeUnits', 'utf16CodeUnits']);
    expect(log.runs.map((run) => run.automationDetails?.id)).toEqual(['bowerbird/head/', 'bowerbird/history/']);
  });

  it('hashes the line of the file as GitHub would', () => {
    const [first] = resultsOf(log, 'head');
    const hashes = hashLines(readSampleFile('deploy/.env') ?? '');
    expect(first?.partialFingerprints?.['primaryLocationLineHash']).toBe(hashes[2]);
  });

  it('merges findings of one rule on one line', () => {
    const merged = resultsOf(log, 'head').filter((result) => result.ruleId === 'aws-secret-access-key/critical');
    expect(merged).toHaveLength(1);
    expect(merged[0]?.properties?.['findingIds']).toHaveLength(2);
    expect(merged[0]?.message.text).toContain('1 more finding of this rule');
  });

  it('caps locations and says how many places there are', () => {
    const [first] = resultsOf(log, 'head');
    expect(first?.locations).toHaveLength(100);
    expect(first?.properties?.['places']).toBe(139);
    expect(first?.message.text).toContain('[copies/000.txt:1:1](1)');
    expect(first?.relatedLocations?.map((location) => location.id)).toEqual([1, 2, 3, 4, 5]);
  });

  it('orders results by severity', () => {
    const order = ['critical', 'high', 'medium', 'low'];
    const ranks = resultsOf(log, 'head').map((result) => order.indexOf(result.ruleId?.split('/').at(-1) ?? ''));
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    expect(resultsOf(log, 'head')[0]).toMatchObject({ level: 'error', rank: 97 });
  });

  it('keeps the first sentence of a message as the title', () => {
    expect(results[0]?.message.text).toMatch(/^GitHub personal access token \(classic\)\. /);
  });

  it('shows the way from the secret to what it may do', () => {
    const result = resultsOf(log, 'head').find((one) => one.ruleId === 'aws-secret-access-key/critical');
    const steps = result?.codeFlows?.[0]?.threadFlows[0]?.locations.map((step) => step.location?.message?.text);
    expect(steps).toEqual([
      'Secret wJal********',
      'Authenticates access key AKSAMPLE (aws, 123456789012)',
      'Is a credential of IAM user -ci (aws, 123456789012)',
      'May iam:* on *',
      'Can become IAM role admin (aws, 123456789012)',
      'Can become nobody:knows',
    ]);
  });
});

describe('sarif history', () => {
  it('gives what is only in history an artifact of its own, with the place and the commit', () => {
    const results = resultsOf(render(buildSampleReport()), 'history');
    expect(results.map((result) => result.ruleId)).toEqual([
      'gitlab-pat/high',
      'private-key/medium',
      'gitlab-pat-history/medium',
    ]);
    const places = results.map((result) => result.locations?.[0]?.physicalLocation);
    expect(places.map((place) => place?.artifactLocation?.uri)).toEqual([
      '.bowerbird/history/commit-message/COMMIT_EDITMSG',
      '.bowerbird/history/removed/id_rsa',
      '.bowerbird/history/src/old%20name%231.ts',
    ]);
    expect(places[2]?.region).toMatchObject({ startLine: 77, startColumn: 5 });
    expect(results[2]?.message.text).toContain('src/old name#1.ts:77:5 (commit 0a1b2c3d4e)');
    expect(results[2]?.properties?.['commit']).toMatch(/^0a1b2c3d4e/);
  });

  it('keeps the alert whatever becomes of the file, and whatever newer commits have the secret', () => {
    const base = findingOf('gitlab-pat-history');
    const [place] = base.locations;
    if (place === undefined) throw new Error('no place');
    const older = { ...place, date: '2026-01-01T00:00:00Z' };
    const newer = { ...place, path: 'a/newer.ts', date: '2026-02-01T00:00:00Z', commit: 'f'.repeat(40) };
    const alertOf = (locations: Finding['locations'], text: string | undefined) => {
      const [result] = resultsOf(render(withFindings([{ ...base, locations }]), { readFile: () => text }), 'history');
      const uri = result?.locations?.[0]?.physicalLocation?.artifactLocation?.uri;
      return { uri, prints: result?.partialFingerprints };
    };
    expect(alertOf([newer, older], undefined)).toEqual(alertOf([older], 'text of today\n'));
  });

  it('has no second run when no history was read, so that its alerts stay open', () => {
    const log = render(buildCleanReport());
    expect(log.runs.map((run) => run.automationDetails?.id)).toEqual(['bowerbird/head/']);
    expect(log.runs[0]?.results).toEqual([]);
  });

  it('has an empty second run when history was read and is clean', () => {
    const report = buildSampleReport();
    expect(resultsOf(render({ ...report, findings: [] }), 'history')).toEqual([]);
  });
});

describe('sarif of several repositories', () => {
  const log = render(buildSeveralReport());

  it('gives each repository a root of its own, and each result the root that its path begins at', () => {
    const [head] = log.runs;
    expect(
      head?.versionControlProvenance?.map(({ repositoryUri, mappedTo }) => [repositoryUri, mappedTo?.uriBaseId]),
    ).toEqual([
      ['https://git.example/acme/bank', 'REPOSITORY_1'],
      ['https://git.example/acme/shop', 'REPOSITORY_2'],
    ]);
    const bases = log.runs.flatMap((run) => {
      return (run.results ?? []).map((result) => [
        result.properties?.['repository'],
        result.locations?.[0]?.physicalLocation?.artifactLocation?.uriBaseId,
      ]);
    });
    expect(new Set(bases.map(String))).toEqual(new Set([`${SEVERAL[1]},REPOSITORY_1`, `${SEVERAL[0]},REPOSITORY_2`]));
    expect(bases).toHaveLength(buildSeveralReport().findings.length);
    for (const base of Object.keys(head?.originalUriBaseIds ?? {})) expect(base).toMatch(/^%SRCROOT%$|^REPOSITORY_\d$/);
  });

  it('keeps apart what stands at the same line of the same path', () => {
    expect(resultsOf(log, 'head').filter(({ ruleId }) => ruleId === 'database-url-password/high')).toHaveLength(2);
  });
});

describe('sarif places', () => {
  it('puts an identity without a file under a stable path', () => {
    const results = resultsOf(render(withFindings([findingOf('app-all-repositories')])), 'head');
    expect(results[0]?.locations?.[0]?.physicalLocation?.artifactLocation?.uri).toBe(
      '.bowerbird/inventory/github_app_installation/github%3Aapp-installation%3Aacme%3Aacme-deployer',
    );
  });

  it('puts an identity that a file declares at that file', () => {
    const finding = { ...findingOf('iam-user-static-key'), locations: [] };
    const results = resultsOf(render(withFindings([finding])), 'head');
    expect(results[0]?.locations?.[0]?.physicalLocation?.artifactLocation?.uri).toBe('infra/main.tf');
  });

  it('keeps what was found in a text that is no file', () => {
    const base = findingOf('gitlab-pat');
    const [place] = base.locations;
    if (place === undefined) throw new Error('no place');
    const finding: Finding = {
      ...base,
      locations: [{ ...place, collector: 'github-org', part: 'text', present: true, path: '../../etc' }],
    };
    const [result] = resultsOf(render(withFindings([finding])), 'head');
    expect(result?.locations?.[0]?.physicalLocation?.artifactLocation?.uri).toBe(
      `.bowerbird/text/github-org/${base.id}`,
    );
  });

  it('never makes an absolute or climbing URI of a hostile path', () => {
    const base = findingOf('database-url-password');
    for (const path of [
      '/etc/passwd',
      '../../x',
      'C:\\x\\y',
      'https://evil.example/a',
      '//host/share',
      './a/./b',
      '\ud800',
    ]) {
      const finding: Finding = { ...base, locations: base.locations.map((place) => ({ ...place, path })) };
      const [result] = resultsOf(render(withFindings([finding])), 'head');
      const uri = result?.locations?.[0]?.physicalLocation?.artifactLocation?.uri ?? '';
      const resolved = new URL(uri, 'https://root.example/a/b/c/').href;
      expect(uri).not.toMatch(/^\/|:|\\/);
      expect(resolved).toMatch(/^https:\/\/root\.example\/a\/b\/c\/./);
    }
  });

  it('gives the same alert the same identity when the file changes elsewhere', () => {
    const text = readSampleFile('deploy/.env') ?? '';
    const hashOf = (readFile: () => string) => {
      const log = render(withFindings([findingOf('github-pat-classic')]), { readFile });
      return resultsOf(log, 'head')[0]?.partialFingerprints;
    };
    const moved = findingOf('github-pat-classic').id;
    expect(hashOf(() => text)?.['bowerbirdFingerprint/v1']).toBe(moved);
    expect(hashOf(() => text)).toEqual(hashOf(() => `${text}`.replace('REGION=eu-west-1', 'REGION=us-east-1')));
  });
});

describe('sarif limits', () => {
  itRarely('keeps the 5,000 worst of many results and says so', () => {
    const base = findingOf('database-url-password');
    const findings = Array.from({ length: 5100 }, (_, index) => {
      const severity = index % 2 === 0 ? ('low' as const) : ('critical' as const);
      const locations = base.locations.map((place) => ({ ...place, path: `many/${index}.txt` }));
      return { ...base, id: `id${index}`, severity, locations };
    });
    const log = render(withFindings(findings));
    const results = resultsOf(log, 'head');
    expect(results).toHaveLength(5000);
    expect(results.filter((result) => result.level === 'error')).toHaveLength(2550);
    const notes = runOf(log, 'head').invocations?.[0]?.toolExecutionNotifications ?? [];
    expect(notes.find((note) => note.descriptor?.id === 'run/limit')?.message.text).toContain('100 results');
  });

  it('says that the run was not complete', () => {
    const [invocation] = runOf(render(buildSampleReport()), 'head').invocations ?? [];
    expect(invocation?.executionSuccessful).toBe(false);
    const ids = invocation?.toolExecutionNotifications?.map((note) => note.descriptor?.id);
    expect(ids).toEqual(expect.arrayContaining(['gap/denied', 'gap/too-large', 'gap/more']));
    expect(runOf(render(buildCleanReport()), 'head').invocations?.[0]?.executionSuccessful).toBe(true);
  });
});
