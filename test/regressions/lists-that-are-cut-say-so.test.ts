import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import unicodeEscape from '../../src/decoders/unicode-escape.ts';
import jwt from '../../src/detect/checks/jwt.ts';
import pathPattern from '../../src/detect/checks/path-pattern.ts';
import type { Edge } from '../../src/model/identity.ts';
import type { Report } from '../../src/model/report.ts';
import gitlab from '../../src/reporters/gitlab.ts';
import { indexInventory, traceGrants } from '../../src/reporters/shared/inventory.ts';
import { describeInvocation } from '../../src/reporters/shared/sarif-invocation.ts';
import { readRuleTexts } from '../../src/ruleset/read/read-files.ts';
import { artifactOf, decodeAll, textsOf } from '../contract/decoder-contract.ts';
import { identityOf } from '../correlate/build.ts';
import { evaluate, factsOf, make, stateOf } from '../detect/checks/evaluate.ts';
import { buildCleanReport, buildSampleReport } from '../reporters/sample-report.ts';

const many = <T>(count: number, of: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => of(index));
const options = { color: false, width: 80, showSecrets: false, verbose: false };

function reportOfGaps(count: number): Report {
  const report = buildCleanReport();
  const gaps = many(count, (index) => ({ reason: 'limit' as const, subject: `${index}`, message: `m${index}` }));
  return { ...report, coverage: report.coverage.map((line, index) => (index === 0 ? { ...line, gaps } : line)) };
}

describe('reports', () => {
  it('SARIF: the last notification counts those that are left out', () => {
    const texts = (report: Report) => describeInvocation(report, 0).toolExecutionNotifications ?? [];
    expect(texts(reportOfGaps(190)).at(-1)?.descriptor?.id).toBe('gap/limit');
    const cut = texts(reportOfGaps(300));
    expect(cut).toHaveLength(200);
    const all = texts(reportOfGaps(0)).length + 300;
    expect(cut.at(-1)?.message.text).toMatch(`${all - 199} more notifications are left out`);
  });

  it('GitLab: gaps and places that are not listed are counted', () => {
    const { scan } = JSON.parse(gitlab.render(reportOfGaps(103), options));
    expect(scan.messages.at(-1).value).toBe('3 more gaps not listed.');
    const report = buildSampleReport();
    const findings = report.findings.map((finding) => ({ ...finding, moreLocations: 7 }));
    const { vulnerabilities } = JSON.parse(gitlab.render({ ...report, findings }, options));
    const lists = vulnerabilities.flatMap((item: { details?: { places: { items: object[] } } }) => item.details ?? []);
    expect(lists.length).toBeGreaterThan(0);
    for (const { places } of lists)
      expect(places.items.at(-1)).toMatchObject({ value: expect.stringMatching(/^and \d+ more places$/) });
  });

  it('the identities that one can become are counted', () => {
    const edges = many(5, (index): Edge => {
      return { from: 'user', kind: 'can-assume', to: `role${index}`, confidence: 'proven', evidence: [] };
    });
    const user = identityOf('iam_user', 'user');
    const inventory = indexInventory({ ...buildCleanReport(), identities: [user], edges });
    expect(traceGrants(inventory, user, 3).map(({ label }) => label)).toEqual(['role0', 'role1', 'role2', '2 more']);
  });
});

describe('checks', () => {
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const read = (claims: unknown) =>
    factsOf(evaluate(jwt, `${encode({ alg: 'HS256' })}.${encode(claims)}.${make('{base64url:43}')}`));

  it('a claim that is cut off is no join key, and a cut list says so', () => {
    const claims = (length: number) => ({ iss: 'https://a.example', sub: 's'.repeat(length) });
    const key = `https://a.example|${'s'.repeat(301)}`;
    expect(read(claims(301))['keys']).toMatchObject({ 'jwt-subject': key });
    expect(read(claims(4097))['keys']).not.toHaveProperty('jwt-subject');
    expect(read({ aud: many(22, (index) => `a${index}`) })['aud']).toHaveLength(21);
    expect(read({ aud: many(22, (index) => `a${index}`) })['aud']).toContain('and 2 more');
  });

  it('a long path is looked at from its start: a rule for src/ applied to no path of 1,030 letters', () => {
    const path = `src/${'a/'.repeat(513)}x`;
    expect(stateOf(evaluate(pathPattern, 'value', { path, options: { only: '^src/' } }))).toBe('not-applicable');
    expect(stateOf(evaluate(pathPattern, 'value', { path, options: { only: '^lib/' } }))).toBe('drop');
  });
});

it('a run of escapes is one text however long it is: a secret on the border of two was in none', async () => {
  const secret = make('acme_{lower-alnum:20}');
  const text = `${'x'.repeat(99_990)}${secret}`;
  const escaped = [...text].map((letter) => `\\x${letter.charCodeAt(0).toString(16)}`).join('');
  const texts = textsOf(await decodeAll(unicodeEscape, artifactOf(escaped)));
  expect(texts.some((decoded) => decoded.includes(secret))).toBe(true);
});

it('rules that lie too deep are refused, not left out', async () => {
  const root = await mkdtemp(join(tmpdir(), 'bowerbird-deep-'));
  try {
    const deep = join(root, 'a/b/c/d');
    await mkdir(join(deep, 'e', 'f'), { recursive: true });
    await writeFile(join(deep, 'r.yaml'), 'x');
    expect((await readRuleTexts(root, 'rules')).texts).toHaveLength(1);
    await writeFile(join(deep, 'e', 'f', 'r.yaml'), 'x');
    await expect(readRuleTexts(root, 'rules')).rejects.toThrow(/a\/b\/c\/d\/e\/f\/r\.yaml: rules lie at most 4/);
  } finally {
    await rm(root, { recursive: true });
  }
});
