import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { MAX_ROWS, readReport } from '../../src/collectors/aws/report.ts';
import { groupPlaces, Likeness, MOST_PLACES } from '../../src/engine/gather/incremental/places.ts';
import { Secret } from '../../src/model/secret.ts';
import { makeFolder, runBowerbird, sampleToken } from '../cli/run-bowerbird.ts';

interface JsonReport {
  readonly coverage: readonly { readonly gaps: readonly { readonly reason: string; readonly message: string }[] }[];
  readonly findings: readonly unknown[];
}

/** Limits that are met, and the exit code: of files with one thing more than a limit, under every kind of target. */
async function scanFiles(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { folder, remove } = await makeFolder(files);
  const git = (...args: string[]) => {
    const config = ['-c', 'user.name=a', '-c', 'user.email=a@example.org'];
    expect(spawnSync('git', [...config, ...args], { cwd: folder }).status).toBe(0);
  };
  git('init', '-q', '-b', 'main');
  git('commit', '-q', '--allow-empty', '-m', 'first');
  git('add', '-A');
  const limits: string[] = [];
  try {
    for (const target of [['.'], ['--staged'], ['git:.'], ['--range', 'HEAD~1...HEAD']]) {
      if (target[0] === 'git:.') git('commit', '-q', '-m', 'second');
      const result = await runBowerbird(['scan', ...target, '--json', '--require-coverage'], { cwd: folder });
      const report = JSON.parse(result.stdout) as JsonReport;
      const gaps = report.coverage.flatMap((line) => line.gaps);
      expect(result.code, `${target.join(' ')}: ${JSON.stringify(gaps)}`).toBe(3);
      limits.push(gaps.map(({ message }) => message).join('\n'));
    }
  } finally {
    await remove();
  }
  return limits;
}

const policyOf = (statements: readonly object[]): string =>
  JSON.stringify({
    AWSTemplateFormatVersion: '2010-09-09',
    Resources: {
      Bot: {
        Type: 'AWS::IAM::User',
        Properties: {
          UserName: 'bot',
          Policies: [{ PolicyName: 'p', PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
        },
      },
    },
  });
const many = (count: number, of: (index: number) => string): string[] => Array.from({ length: count }, (_, i) => of(i));
const allow = (Action: string | string[], Resource: string | string[] = '*') => ({ Effect: 'Allow', Action, Resource });

describe('one more than a limit is a gap, in tree, index, history and range', () => {
  it.each([
    ['grants', policyOf([allow(many(301, (i) => `s3:Delete${i}`))]), '1 of its permissions'],
    ['statements', policyOf(many(501, (i) => `s3:Delete${i}`).map((action) => allow(action))), 'of its permissions'],
    ['actions', policyOf([allow(many(5001, (i) => `s3:Delete${i}`))]), 'of its permissions'],
  ])('%s of a policy', async (_, template, words) => {
    for (const limits of await scanFiles({ 'stack.template.json': template })) expect(limits).toContain(words);
  });

  it('bytes of a YAML file', async () => {
    const account = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: a }\n';
    const large = `${account}# ${'x'.repeat(4 * 1024 * 1024)}\n`;
    for (const limits of await scanFiles({ 'k8s/large.yaml': large })) expect(limits).toContain('k8s/large.yaml');
  });
});

it('as many documents of a YAML file as there are, and places of one identity cost no more than they are', async () => {
  const account = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: a }\n---\n';
  const last = account.replace('name: a', 'name: last-of-all');
  const { folder, remove } = await makeFolder({ 'k8s/many.yaml': account.repeat(20_000) + last });
  const result = await runBowerbird(['scan', '.', '--json'], { cwd: folder }).finally(remove);
  const report = JSON.parse(result.stdout) as JsonReport & {
    readonly identities: readonly { readonly name: string }[];
  };
  expect(report.coverage.flatMap((line) => line.gaps)).toEqual([]);
  expect(report.identities.some(({ name }) => name.endsWith('last-of-all'))).toBe(true);
});

it('rows of a credential report: read up to the limit, and said', () => {
  const row = 'u,arn:aws:iam::210987654321:user/u\n';
  expect(readReport({ Content: `user,arn\n${row.repeat(MAX_ROWS)}` }).gaps).toEqual([]);
  const report = readReport({ Content: `user,arn\n${row.repeat(MAX_ROWS + 1)}` });
  expect(report.gaps).toMatchObject([{ reason: 'limit', scope: true }]);
  expect(report.rows).toHaveLength(MAX_ROWS);
});

it('places of a secret: no state is written that would forget some', () => {
  const secret = new Secret(sampleToken('places'));
  const likeness = new Likeness(() => 'same');
  const at = (index: number) => ({
    lineText: '',
    match: {
      ruleId: 'r',
      secret,
      parts: {},
      grade: 'secret' as const,
      confidence: 'high' as const,
      facts: {},
      keys: [],
      checks: [],
      location: {
        collector: 'git',
        path: 'a',
        blob: String(index),
        startLine: 1,
        startColumn: 1,
        endLine: 1,
        endColumn: 2,
      },
    },
  });
  const places = Array.from({ length: MOST_PLACES + 1 }, (_, index) => at(index));
  expect(groupPlaces(places.slice(1), likeness, () => undefined)?.[0]?.copies).toHaveLength(MOST_PLACES - 1);
  expect(groupPlaces(places, likeness, () => undefined)).toBeUndefined();
});
