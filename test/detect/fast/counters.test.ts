import { expect, test } from 'vitest';
import { compilePack } from '../../../src/detect/fast/compile-pack.ts';
import { Counters } from '../../../src/detect/fast/counters.ts';
import { createFastDetector } from '../../../src/detect/fast.ts';
import type { Artifact } from '../../../src/model/artifact.ts';
import { headOf } from '../../../src/model/rule-head.ts';
import { makeRule } from '../make-rule.ts';

const rules = [
  makeRule({ id: 'acme-key', pattern: '(?<![0-9A-Za-z])(?<secret>acme_[0-9a-f]{8})(?![0-9a-f])' }),
  makeRule({ id: 'zeta-key', pattern: '(?<secret>zeta-[0-9]{4})' }),
];
const text = [
  'acme_0123abcd',
  // The byte tests refuse these.
  'acme_0123',
  'xacme_0123abcd',
  // Too long: only the pattern can tell.
  'acme_0123abcd9',
  'zeta-zeta-zeta-',
].join('\n');

function artifact(content: string): Artifact {
  return { origin: { collector: 'files', path: 'a.txt' }, bytes: Buffer.from(content) };
}

test.each([true, false])('counts what each rule costs (wasm %s)', async (wasm) => {
  const counters = new Counters();
  const pack = await compilePack(rules);
  const detector = await createFastDetector(rules.map(headOf), { pack, wasm, counters });
  expect(detector.scan(artifact(text)).map(({ match }) => match.start)).toEqual([0]);
  const [acme, zeta] = counters.rows;
  expect(acme).toMatchObject({ id: 'acme-key', literalHits: 4, matches: 1, nanoseconds: 0 });
  expect(acme?.places).toBeLessThan(4);
  expect(acme?.programRuns).toBeGreaterThanOrEqual(1);
  expect(acme?.regexCalls).toBe(0);
  expect(zeta).toMatchObject({ id: 'zeta-key', literalHits: 3, places: 0, programRuns: 0, regexCalls: 0, matches: 0 });
  expect(counters.hits).toBe(7);
  expect(counters.bytes).toBe(text.length);
});

test('takes times with a clock, and finds the same', async () => {
  let now = 0;
  const counters = new Counters(() => now++);
  const detector = await createFastDetector(rules.map(headOf), { counters });
  const plain = await createFastDetector(rules.map(headOf));
  const many = artifact(`${text}\n`.repeat(50));
  expect(detector.scan(many)).toEqual(plain.scan(many));
  expect(counters.rows.every((row) => row.nanoseconds > 0)).toBe(true);
});
