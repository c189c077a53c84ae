import { expect, it } from 'vitest';
import type { Findings, Job, Place, Work } from '../../../src/build/bench/model.ts';
import { bowerbird } from '../../../src/build/bench/peers/bowerbird.ts';
import { PEERS, readModuleVersion, readVersion } from '../../../src/build/bench/peers.ts';

const ALL = [bowerbird, ...PEERS];
const lines = (...rows: object[]): string => rows.map((row) => JSON.stringify(row)).join('\n');

/** What each scanner writes, cut down to the parts that are read. Three findings of two secrets, where a report can tell. */
const REPORTS: Readonly<Record<string, string>> = {
  bowerbird: JSON.stringify({
    findings: [
      { kind: 'secret', ruleId: 'a', secret: { fingerprint: '1' }, locations: [{}], moreLocations: 1 },
      { kind: 'secret', ruleId: 'a', secret: { fingerprint: '2' }, locations: [{}] },
      { kind: 'posture', ruleId: 'b', locations: [{}] },
    ],
  }),
  gitleaks: JSON.stringify([
    { RuleID: 'a', Secret: 'one', File: 'x' },
    { RuleID: 'a', Secret: 'one', File: 'y' },
    { RuleID: 'b', Secret: 'one' },
  ]),
  betterleaks: JSON.stringify([
    { RuleID: 'a', Secret: 'one' },
    { RuleID: 'a', Secret: 'two' },
    { RuleID: 'a', Secret: 'two' },
  ]),
  trufflehog: [
    'a log line',
    lines(
      { DetectorName: 'A', Raw: 'one' },
      { DetectorName: 'A', Raw: 'one' },
      { DetectorName: 'B', Raw: 'one' },
      { msg: '' },
    ),
  ].join('\n'),
  kingfisher: lines(
    { rule: { id: 'a' }, finding: { snippet: 'one' } },
    { rule: { id: 'a' }, finding: { snippet: 'one' } },
    { rule: { id: 'a' }, finding: { snippet: 'two' } },
    { findings: 3 },
  ),
  noseyparker: JSON.stringify([
    { rule_name: 'A', distinct_count: 1, total_count: 2 },
    { rule_name: 'B', distinct_count: 1, total_count: 1 },
  ]),
  titus: JSON.stringify([
    { RuleID: 'a', FindingID: '1' },
    { RuleID: 'a', FindingID: '1' },
    { RuleID: 'b', FindingID: '2' },
  ]),
  'detect-secrets': JSON.stringify({
    results: {
      x: [
        { type: 'A', hashed_secret: '1' },
        { type: 'B', hashed_secret: '1' },
      ],
      y: [{ type: 'A', hashed_secret: '1' }],
    },
  }),
  credsweeper: JSON.stringify([
    { rule: 'A', line_data_list: [{ value: 'one' }] },
    { rule: 'A', line_data_list: [{ value: 'one' }] },
    { rule: 'A', line_data_list: [{ value: 'two' }] },
  ]),
  secretlint:
    'x.ts:1:2: found a [Error/rule]\nx.ts:3:2: found a [Error/rule]\ny.ts:1:9: found b [Error/rule]\n\n3 problems\n',
};

const count = (name: string, report: string): Findings | undefined =>
  ALL.find((peer) => peer.name === name)?.count(report);

it.each(ALL.map((peer) => [peer.name]))('counts findings and different secrets of %s', (name) => {
  const distinct = name === 'secretlint' ? {} : { distinct: 2 };
  expect(count(name, REPORTS[name] ?? '')).toEqual({ findings: 3, ...distinct });
});

it.each([
  ['bowerbird', '{"findings":[]}'],
  ['gitleaks', '[]'],
  ['betterleaks', 'null'],
  ['trufflehog', ''],
  ['kingfisher', ''],
  ['noseyparker', '[]'],
  ['titus', 'null'],
  ['detect-secrets', '{"results":{}}'],
  ['credsweeper', ''],
  ['secretlint', ''],
])('counts nothing where %s found nothing', (name, report) => {
  expect(count(name, report)?.findings).toBe(0);
});

it.each(ALL.filter((peer) => peer.name !== 'secretlint').map((peer) => [peer.name]))(
  'does not quote a broken report of %s, which may hold a secret',
  (name) => {
    const broken = '{"Secret": "not-for-show", ';
    expect(() => count(name, broken)).toThrow(/^its report is no JSON$/);
  },
);

const PLACE: Place = { report: '/run/report', state: '/run/state', scratch: '/run/scratch', cores: 4 };

function makeJob(work: Work): Job {
  return { work, input: 'x', target: '/in', copies: '/copies', since: 'abc', bare: true, facts: {} };
}

const commandOf = (name: string, work: Work): string =>
  ALL.find((peer) => peer.name === name)
    ?.commands[work]?.(makeJob(work), PLACE)
    .args.join(' ') ?? '';

it.each(ALL.map((peer) => [peer.name]))('knows for every kind of work how to ask %s, or why it cannot', (name) => {
  const peer = ALL.find((one) => one.name === name);
  for (const work of ['history', 'tree', 'staged', 'incremental', 'start'] as const) {
    const isKnown = peer?.commands[work] !== undefined;
    expect([work, isKnown, peer?.missing[work] === undefined]).toEqual([work, isKnown, isKnown]);
  }
});

it.each([
  ['betterleaks', '--validation=false'],
  ['trufflehog', '--no-verification'],
  ['kingfisher', '--no-validate'],
  ['detect-secrets', '--no-verify'],
])('turns the live verification of %s off', (name, flag) => {
  const works = (['history', 'tree', 'staged', 'incremental'] as const).filter((work) => commandOf(name, work) !== '');
  expect(works.length).toBeGreaterThan(1);
  for (const work of works) expect(commandOf(name, work)).toContain(flag);
});

it('never asks a scanner to verify', () => {
  for (const { name } of ALL) {
    for (const work of ['history', 'tree', 'staged', 'incremental'] as const) {
      expect(commandOf(name, work)).not.toMatch(/--(?:verify|validate|only-verified)\b|--validation(?!=false)/);
    }
  }
});

it.each([
  ['bowerbird', 'a-rule  high\n\n2 detection rules, 3 posture rules\n'],
  ['kingfisher', '{"rules":[{},{}]}'],
  ['noseyparker', '{"rules":[{},{}],"rulesets":[{}]}'],
  ['titus', '[{},{}]'],
  ['detect-secrets', 'AWSKeyDetector\nBasicAuthDetector\n'],
])('counts the rules of %s', (name, answer) => {
  expect(ALL.find((peer) => peer.name === name)?.rules?.count(answer)).toBe(2);
});

it('reads a version out of what scanners answer', () => {
  expect(readVersion('betterleaks version 1.7.0\n')).toBe('1.7.0');
  expect(readVersion('noseyparker 0.25.0-dev\n')).toBe('0.25.0-dev');
  expect(readVersion('version is set by build process')).toBeUndefined();
  expect(readModuleVersion('/bin/x: go1.26.8\n\tpath\texample.com/x\n\tmod\texample.com/x\tv8.30.1\th1:abc=\n')).toBe(
    '8.30.1',
  );
  expect(readModuleVersion('')).toBeUndefined();
});
