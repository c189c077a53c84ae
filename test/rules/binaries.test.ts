import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decoders } from '../../src/decoders/index.generated.ts';
import { arrangeDecoders } from '../../src/decoders/shared/arrange.ts';
import { chanceBits } from '../../src/detect/analyse/chance.ts';
import { readTree } from '../../src/detect/analyse/tree.ts';
import { checks } from '../../src/detect/checks/index.generated.ts';
import { createConfirmer } from '../../src/detect/confirm.ts';
import { SURE_BITS } from '../../src/detect/fast.ts';
import { createReferenceDetector } from '../../src/detect/reference.ts';
import { detectArtifact } from '../../src/engine/gather/detect-stage.ts';
import { type CompiledRule, TEXT_ONLY } from '../../src/model/rule.ts';
import { readRules } from '../../src/model/rule-head.ts';
import { expandExample } from '../../src/ruleset/examples.ts';
import { itRarely } from '../it-rarely.ts';
import { runs } from '../property/runs.ts';
import { builtIn } from './built-in.ts';

const NOW = new Date('2026-11-22T00:00:00Z');
const rules = readRules(builtIn.detection);
const sure = rules.filter(({ tags }) => !tags.includes(TEXT_ONLY));
const byId = new Map(rules.map((rule) => [rule.id, rule]));

/** What the rule, with its companions, finds in bytes: grade, confidence and value. */
async function find(rule: CompiledRule, bytes: Uint8Array, path = 'file'): Promise<string[]> {
  const companions = rule.companions.flatMap(({ rule: other }) => byId.get(other) ?? []);
  const stage = {
    detector: createReferenceDetector([rule, ...companions]),
    decoders: arrangeDecoders(decoders),
    confirm: createConfirmer({ checks, now: NOW }),
    decodeDepth: 4,
    budget: () => ({ bytes: 1_000_000, entries: 100, ratio: 200 }),
  };
  const { matches } = await detectArtifact(stage, { origin: { collector: 'test', path }, bytes });
  const own = matches.filter(({ match }) => match.ruleId === rule.id);
  return own.map(({ match }) => `${match.grade} ${match.confidence} ${match.secret.reveal()}`);
}

const MARKS = [
  [0],
  [0, 0, 0],
  [0xff, 0xfe],
  [0xfe, 0xff],
  [0xff, 0xfe, 0, 0],
  [0x1f, 0x8b, 8],
  // The two letters would be part of a token that they touch.
  [0, 0x50, 0x4b, 3, 4],
  Array.from({ length: 600 }, () => 1),
  Array.from({ length: 9000 }, () => 0),
].map((bytes) => Buffer.from(bytes));
const junk = fc
  .array(
    fc.oneof(
      fc.constantFrom(...MARKS),
      fc.uint8Array({ min: 0, max: 31, maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
    ),
    {
      maxLength: 3,
    },
  )
  // White space may be part of what a rule looks at.
  .map((parts) => Buffer.from(Buffer.concat(parts).filter((byte) => byte < 9 || byte > 13)));

describe('rules of providers in binaries', () => {
  itRarely('need so much that random bytes do not match them', async () => {
    const weak: string[] = [];
    for (const rule of sure) {
      const bits = chanceBits(rule, await readTree(rule.pattern, rule.ignoreCase));
      if (bits < SURE_BITS)
        weak.push(`${rule.id}: ${bits.toFixed(1)} bits; tag it "${TEXT_ONLY}", or make the form longer`);
    }
    expect(weak).toEqual([]);
  });

  it('find what a text holds, whatever control bytes and marks stand around it', async () => {
    const samples = fc.sample(fc.tuple(fc.constantFrom(...sure), fc.nat(9), junk, junk), {
      numRuns: runs(1_200),
      seed: 3,
    });
    const lost: string[] = [];
    for (const [rule, drawn, before, after] of samples) {
      const index = drawn % rule.examples.match.length;
      const example = rule.examples.match[index];
      if (example === undefined) continue;
      const { text, path } = expandExample(rule, 'match', index, example);
      const expected = await find(rule, Buffer.from(`\n${text}\n`), path);
      const seen = await find(rule, Buffer.concat([before, Buffer.from(text), after]), path);
      if (!expected.every((one) => seen.includes(one)))
        lost.push(
          `${rule.id}, example ${index + 1}: ${before.subarray(0, 8).toString('hex')} ... ${after.subarray(0, 8).toString('hex')}`,
        );
    }
    expect(lost).toEqual([]);
  });

  itRarely('find nothing in what fills binaries: runs of a byte, ramps, alphabets', async () => {
    const ramp = Array.from({ length: 256 }, (_, byte) => byte);
    const fills = [
      ...ramp.map((byte) => Buffer.alloc(400, byte)),
      Buffer.from(ramp),
      Buffer.from(ramp.flatMap((byte) => Array.from({ length: 13 }, () => byte))),
      Buffer.from(ramp.flatMap((byte) => Array.from({ length: 64 }, () => byte))),
      Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/='.repeat(3)),
      Buffer.from('0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'.repeat(3)),
      Buffer.from('0123456789abcdef'.repeat(20)),
    ];
    const all = Buffer.concat(fills.map((fill) => Buffer.concat([Buffer.alloc(3), fill])));
    const fired: string[] = [];
    for (const rule of sure)
      fired.push(
        ...(await find(rule, all))
          .filter((one) => one.startsWith('secret'))
          .map((one) => `${rule.id}: ${one.slice(0, 20)}`),
      );
    expect(fired).toEqual([]);
  });
});

it('goes by words: every generic rule says so', () => {
  const silent = rules.filter(({ tags }) => tags.includes('generic') !== tags.includes(TEXT_ONLY)).map(({ id }) => id);
  expect(silent).toEqual([]);
});
