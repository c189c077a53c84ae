import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Candidate, Detector } from '../../src/detect/contract.ts';
import { compilePack } from '../../src/detect/fast/compile-pack.ts';
import { GATE_COLUMNS } from '../../src/detect/fast/pack.ts';
import { loadPack, openPack, serialisePack } from '../../src/detect/fast/serialise.ts';
import { createFastDetector } from '../../src/detect/fast.ts';
import { createReferenceDetector } from '../../src/detect/reference.ts';
import type { ByteRange } from '../../src/model/artifact.ts';
import type { CompiledRule } from '../../src/model/rule.ts';
import { headOf } from '../../src/model/rule-head.ts';
import { makeRule } from '../detect/make-rule.ts';
import { tries } from './runs.ts';

/** A piece of a pattern, and texts that it matches where its surroundings allow. */
interface Piece {
  readonly source: string;
  readonly samples: readonly string[];
}

const ATOMS: readonly Piece[] = [
  ...['a', 'b', 'c', '1', '-', '_'].map((one) => ({ source: one, samples: [one] })),
  { source: '[abc]', samples: ['a', 'b', 'c'] },
  { source: '[a-c1]', samples: ['a', '1'] },
  { source: '[^b]', samples: ['a', 'A', '\n', 'é'] },
  { source: '\\w', samples: ['a', '_', '1'] },
  { source: '[\\s\\S]', samples: ['\n', 'a'] },
  { source: '\\xc3\\xa9', samples: ['é'] },
  { source: '[A-C]', samples: ['A', 'b'] },
];
const WORDS = ['zqx', 'zq-', 'Zqx1', 'xzqa', 'qzzq', 'zqa'].map((word) => ({ source: word, samples: [word] }));
const CONDITIONS = [
  '(?<![a-c])',
  '(?![a-c])',
  '(?<![ab](?<!-[ab]))',
  '(?![ab](?![ab]))',
  '(?=[^-]{1,3}1)',
  '\\b',
  '\\B',
];
const MORE_CONDITIONS = [
  '(?<=[ab]{2})',
  '(?<!ab)',
  '$',
  '^',
  '(?<![^ ])',
  '(?!a{2,6}1)',
  '(?<!a{2,6})',
  '(?<=(?<!1)a)',
];

const atom = fc.constantFrom(...ATOMS);
const plain = fc.array(fc.oneof(atom, fc.constantFrom(...WORDS)), { minLength: 1, maxLength: 3 }).map(joinPieces);
const condition = fc
  .constantFrom(...CONDITIONS, ...MORE_CONDITIONS)
  .map((source): Piece => ({ source, samples: [''] }));
const repeated = fc.tuple(atom, fc.nat(3), fc.nat(5)).map(([one, min, more]) => repeatPiece(one, min, min + more));
const longRun = fc
  .tuple(atom, fc.integer({ min: 30, max: 60 }), fc.nat(3))
  .map(([one, min, more]) => repeatPiece(one, min, min + more));
const choice = fc
  .tuple(plain, fc.oneof(plain, repeated))
  .map(([x, y]): Piece => ({ source: `(?:${x.source}|${y.source})`, samples: [...x.samples, ...y.samples] }));
/** A repeated group holds no repetition: the patterns of rules are vetted for that, and time would run out here. */
const group = fc.tuple(fc.oneof(plain, choice), fc.nat(2), fc.nat(2)).map(([one, min, more]) => {
  return repeatPiece({ ...one, source: `(?:${one.source})` }, min, Math.max(1, min + more));
});
const word = fc.constantFrom(...WORDS);
const piece: fc.Arbitrary<Piece> = fc.oneof(
  atom,
  atom,
  word,
  word,
  condition,
  repeated,
  repeated,
  longRun,
  choice,
  group,
);

function repeatPiece({ source, samples }: Piece, min: number, max: number): Piece {
  const times = (count: number): string[] => samples.map((sample) => sample.repeat(count));
  return {
    source: `${source}{${min},${max}}`,
    samples: [...times(min), ...times(max), samples.join('').repeat(max).slice(0, max)],
  };
}

function joinPieces(pieces: readonly Piece[]): Piece {
  const most = Math.max(1, ...pieces.map((one) => one.samples.length));
  const pick = (turn: number): string =>
    pieces.map((one, at) => one.samples[(turn + at) % one.samples.length] ?? '').join('');
  return {
    source: pieces.map((one) => one.source).join(''),
    samples: Array.from({ length: Math.min(most, 6) }, (_, turn) => pick(turn)),
  };
}

/** Mostly with a literal that every match holds, so that the rule gets windows. */
const pattern = fc
  .tuple(
    fc.array(piece, { maxLength: 3 }),
    fc.option(word, { freq: 3, nil: undefined }),
    fc.array(piece, { maxLength: 3 }),
    fc.nat(4),
  )
  .map(([before, word, after, form]) => {
    const head = joinPieces([...before, ...(word === undefined ? [] : [word])]);
    const tail = joinPieces(after);
    if (form === 0)
      return {
        source: `(?:${head.source}|(?<secret>zq${tail.source}))`,
        samples: [...head.samples, ...tail.samples.map((one) => `zq${one}`)],
      };
    const source = form === 1 ? `${head.source}(?<secret>${tail.source})` : `(?<secret>${head.source}${tail.source})`;
    return { source, samples: joinPieces([head, tail]).samples };
  })
  .filter(({ source }) => isUsable(source));

const context = fc.option(
  fc.record({
    words: fc.array(fc.constantFrom('zzx', 'ZqW', 'xyé', 'zqzqzqzqzqz'), { minLength: 1, maxLength: 3 }),
    before: fc.nat(80),
    after: fc.nat(40),
  }),
  { freq: 1, nil: undefined },
);

interface Case {
  readonly rules: readonly CompiledRule[];
  readonly bytes: Uint8Array;
  readonly ranges: readonly ByteRange[] | undefined;
}

const ruleParts = fc.record({ pattern, ignoreCase: fc.boolean(), context, unbounded: fc.nat(19), trusted: fc.nat(30) });

/** Texts are made of what the rules match, cut here and there, and of noise. */
const scanCase: fc.Arbitrary<Case> = fc
  .tuple(
    fc.array(ruleParts, { minLength: 1, maxLength: 3 }),
    fc.array(fc.tuple(fc.nat(12), fc.nat(40), fc.nat(60)), { minLength: 3, maxLength: 25 }),
    fc.option(fc.array(fc.tuple(fc.nat(500), fc.nat(20)), { maxLength: 4 }), { nil: undefined }),
  )
  .map(([parts, picks, places]) => ({
    rules: parts.map((part, index) => ruleOf(part, index)),
    bytes: textOf(
      parts.flatMap((part) => [...part.pattern.samples, ...(part.context?.words ?? [])]),
      picks,
    ),
    ranges: places?.map(([start, length]) => ({ start, end: start + length })),
  }));

function ruleOf(part: typeof ruleParts extends fc.Arbitrary<infer P> ? P : never, index: number): CompiledRule {
  return makeRule({
    id: `rule-${index}`,
    pattern: part.unbounded === 0 ? `${part.pattern.source}[ab]*` : part.pattern.source,
    ignoreCase: part.ignoreCase,
    trusted: part.trusted > 0,
    ...(part.context === undefined ? {} : { context: part.context }),
  });
}

interface Version {
  readonly bytes: Buffer;
  readonly ranges?: readonly ByteRange[];
}

/** Each version replaces a part of the one before by a part from elsewhere in it; both ends of what is new count as new. */
function editVersions(first: Buffer, edits: readonly (readonly [number, number, number, number])[]): Version[] {
  const versions: Version[] = [{ bytes: first }];
  let bytes = first;
  for (const [place, removed, from, added] of edits) {
    const start = bytes.length === 0 ? 0 : place % bytes.length;
    const inserted = bytes.subarray(from, from + added);
    bytes = Buffer.concat([bytes.subarray(0, start), inserted, bytes.subarray(start + removed)]);
    const end = Math.min(bytes.length, start + inserted.length + 1);
    versions.push({ bytes, ranges: [{ start: Math.max(0, start - 1), end }] });
  }
  return versions;
}

const NOISE = [' ', '\n', 'a', '-', 'x', 'é', 'ab1', 'zq', 'A'];

function textOf(samples: readonly string[], picks: readonly (readonly [number, number, number])[]): Uint8Array {
  const pieces = picks.map(([kind, pick, length]) => {
    const sample = samples[pick % samples.length] ?? '';
    if (kind < 6) return sample;
    if (kind === 6) return sample.slice(0, length);
    if (kind === 7) return sample.slice(length % (sample.length + 1)).toUpperCase();
    return (NOISE[pick % NOISE.length] ?? '').repeat(kind < 10 ? length : 1);
  });
  return Buffer.from(pieces.join(''));
}

function isUsable(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}

function scan(
  detector: Detector,
  bytes: Uint8Array,
  only: readonly ByteRange[] | undefined,
  path = 'a.txt',
): unknown[] {
  const found = detector.scan({
    origin: { collector: 'test', path },
    bytes,
    ...(only === undefined ? {} : { ranges: only }),
    // Small texts are searched whole, except where they are versions of one; both ways count.
    ...(bytes.length % 2 === 0 ? {} : { lineage: { memory: new Uint32Array(1), self: 0, base: -1 } }),
  });
  return found.map(summarise);
}

function summarise({ rule: { id }, match, secret, groups }: Candidate): unknown {
  return { id, match, secret, groups };
}

/** Versions share what earlier ones noted. */
async function expectSameInVersions(rules: readonly CompiledRule[], versions: readonly Version[]): Promise<void> {
  const memory = new Uint32Array(versions.length);
  const fast = await createFastDetector(rules.map(headOf));
  const reference = createReferenceDetector(rules);
  for (const [self, version] of versions.entries()) {
    const artifact = { origin: { collector: 'test', path: 'a.txt' }, ...version };
    const found = fast.scan({ ...artifact, lineage: { memory, self, base: self - 1 } });
    expect(found.map(summarise)).toEqual(reference.scan(artifact).map(summarise));
    expect(memory[self]).not.toBe(0);
  }
}

describe('fast detector', () => {
  test('finds what the reference finds, whatever rules, text and ranges', async () => {
    await fc.assert(
      fc.asyncProperty(scanCase, fc.boolean(), async ({ rules, bytes, ranges }, wasm) => {
        const expected = scan(createReferenceDetector(rules), bytes, ranges);
        expect(scan(await createFastDetector(rules.map(headOf), { wasm }), bytes, ranges)).toEqual(expected);
      }),
      tries(400),
    );
  });

  test('finds the same in versions of a text, though it remembers what earlier ones held', async () => {
    const edit = fc.tuple(fc.nat(900), fc.nat(60), fc.nat(200), fc.nat(120));
    await fc.assert(
      fc.asyncProperty(scanCase, fc.array(edit, { minLength: 1, maxLength: 4 }), async ({ rules, bytes }, edits) => {
        await expectSameInVersions(rules, editVersions(Buffer.from(bytes), edits));
      }),
      tries(400),
    );
  });

  test('finds the same in versions of a text for rules whose long matches hold few line ends', async () => {
    const space = fc.constantFrom('[ \\n]{1,6}', '\\s{1,3}', '\\n', '(?:[ \\t]{0,3}\\n){1,2}', '[^a-c1z]{1,4}');
    const source = fc
      .array(fc.tuple(space, fc.integer({ min: 40, max: 150 })), { minLength: 1, maxLength: 3 })
      .map((parts) => `zqx[a-c1]{1,120}${parts.map(([gap, most]) => `${gap}[a-c1]{1,${most}}`).join('')}(?<secret>z)?`);
    const runs = [`zqx${'abc'.repeat(30)}`, 'b'.repeat(60), 'ab1'.repeat(30), 'c'];
    const piece = fc.constantFrom(...runs, ...runs, '\n', '\n', ' \n\n', '\t', 'z', '-');
    const text = fc.array(piece, { minLength: 5, maxLength: 16 }).map((pieces) => Buffer.from(pieces.join('')));
    const edits = fc.array(fc.tuple(fc.nat(900), fc.nat(20), fc.nat(200), fc.nat(30)), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(source, { minLength: 1, maxLength: 2 }),
        text,
        edits,
        async (sources, first, changes) => {
          const rules = sources.map((pattern, index) => makeRule({ id: `rule-${index}`, pattern }));
          await expectSameInVersions(rules, editVersions(first, changes));
        },
      ),
      tries(800),
    );
  });

  test('finds the same with a pack that was written and read back, for any part of its rules', async () => {
    await fc.assert(
      fc.asyncProperty(scanCase, fc.nat(7), async ({ rules, bytes, ranges }, mask) => {
        const pack = loadPack(serialisePack(await compilePack(rules))) ?? expect.unreachable();
        const part = rules.filter((_, index) => (mask >> index) & 1);
        const expected = scan(createReferenceDetector(part), bytes, ranges);
        expect(scan(await createFastDetector(part.map(headOf), { pack }), bytes, ranges)).toEqual(expected);
      }),
      tries(100),
    );
  });

  test('finds the same with a pack in a file, whose gates are read when they are asked for', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bowerbird-pack-'));
    const file = join(folder, 'rules.pack');
    await fc.assert(
      fc.asyncProperty(scanCase, async ({ rules, bytes, ranges }) => {
        writeFileSync(file, serialisePack(await compilePack(rules)));
        const pack = openPack(file) ?? expect.unreachable();
        const expected = scan(createReferenceDetector(rules), bytes, ranges);
        expect(scan(await createFastDetector(rules.map(headOf), { pack }), bytes, ranges)).toEqual(expected);
      }),
      tries(100),
    );
    writeFileSync(file, 'bbpk of another program');
    expect(openPack(file)).toBeUndefined();
    rmSync(folder, { recursive: true });
  });

  test('gates that are read late have the tables that were written', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bowerbird-pack-'));
    const sources = Array.from({ length: 60 }, (_, at) => `key${at}=(?<secret>[a-z]{${10 + at}})`);
    const pack = await compilePack(sources.map((pattern, index) => makeRule({ id: `rule-${index}`, pattern })));
    writeFileSync(join(folder, 'rules.pack'), serialisePack(pack));
    const late = openPack(join(folder, 'rules.pack')) ?? expect.unreachable();
    expect(pack.gates.length / GATE_COLUMNS).toBeGreaterThan(50);
    for (let gate = 0; gate < pack.gates.length / GATE_COLUMNS; gate++) {
      late.readGate?.(gate);
      const from = pack.gates[gate * GATE_COLUMNS] ?? 0;
      const to = pack.gates[(gate + 1) * GATE_COLUMNS] ?? pack.gateTables.length;
      expect(late.gateTables.subarray(from, to)).toEqual(pack.gateTables.subarray(from, to));
    }
    rmSync(folder, { recursive: true });
  });
});
