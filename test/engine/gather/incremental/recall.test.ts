import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgainPlace } from '../../../../src/collectors/collected.ts';
import type { ConfirmedMatch } from '../../../../src/detect/confirm.ts';
import { createLocator } from '../../../../src/detect/locate.ts';
import {
  areChecks,
  CheckPacker,
  isPackedMatch,
  type KnownMatch,
  recallMatch,
  rememberMatch,
  unpackMatch,
} from '../../../../src/engine/gather/incremental/recall.ts';
import type { Artifact } from '../../../../src/model/artifact.ts';
import type { Match } from '../../../../src/model/match.ts';
import { Secret } from '../../../../src/model/secret.ts';
import { tries } from '../../../property/runs.ts';

const fingerprint = (secret: Secret): string => secret.fingerprint('test');
const LF = 10;

function artifactOf(text: string, origin: Partial<Artifact['origin']> = {}): Artifact {
  const blob = 'a'.repeat(40);
  return { origin: { collector: 'git', path: 'a.txt', blob, present: true, ...origin }, bytes: Buffer.from(text) };
}

/** A match of the bytes of a range, as confirming gives it. */
function matchAt(artifact: Artifact, start: number, end: number, more: Partial<Match> = {}): ConfirmedMatch {
  const locator = createLocator(artifact);
  const secret = new Secret(Buffer.from(artifact.bytes.subarray(start, end)).toString('utf8'));
  const told = {
    facts: { account: 'x' },
    keys: [],
    checks: [{ check: 'entropy', state: 'pass', reason: 'high' }],
  } as const;
  const graded = { grade: 'secret', confidence: 'high', ...told } as const;
  const location = locator.locate({ start, end });
  const match = { ruleId: 'rule', secret, parts: {}, location, ...graded, ...more };
  return { match, lineText: locator.lineText({ start, end }) };
}

function linesOf({ bytes }: Artifact, { match: { location: at } }: ConfirmedMatch): AgainPlace {
  const starts = [0, ...[...bytes].flatMap((byte, i) => (byte === LF ? [i + 1] : [])), bytes.length];
  return { at, lines: { start: starts[at.startLine - 1] ?? 0, end: starts[at.endLine] ?? bytes.length } };
}

/** As it comes back out of a state. */
function written(one: ConfirmedMatch): KnownMatch {
  const packer = new CheckPacker();
  const remembered = rememberMatch(one, fingerprint);
  const packed: unknown = JSON.parse(JSON.stringify([remembered && packer.pack(remembered), packer.checks]));
  const [match, checks] = packed as [unknown, unknown];
  const known = isPackedMatch(match) && areChecks(checks) ? unpackMatch(match, checks) : undefined;
  if (known === undefined) throw new Error('not remembered');
  return known;
}

describe('recallMatch', () => {
  it('gives the match as confirming gave it, wherever it stands', () => {
    const word = fc.constantFrom('token = ', 'abc123', '\n', '\r\n', 'ä€', '𝒳', ' ', '"', 'x'.repeat(300));
    const text = fc.array(word, { minLength: 2, maxLength: 30 }).map((words) => words.join(''));
    fc.assert(
      fc.property(text, fc.nat(), fc.nat(), (all, a, b) => {
        const points = [...all];
        const [from = 0, to = 0] = [a % points.length, b % points.length].sort((x, y) => x - y);
        const start = Buffer.byteLength(points.slice(0, from).join(''));
        const end = Buffer.byteLength(points.slice(0, to + 1).join(''));
        const artifact = artifactOf(all);
        const one = matchAt(artifact, start, end);
        const value = one.match.secret.reveal();
        fc.pre(one.lineText.indexOf(value) === one.lineText.lastIndexOf(value));
        const again = recallMatch(artifact, linesOf(artifact, one), { rule: 'rule', known: written(one) }, fingerprint);
        expect(again).toEqual(one);
        expect(again?.match.secret.reveal()).toBe(value);
      }),
      tries(500),
    );
  });

  it('takes over what is told of the object now', () => {
    const one = matchAt(artifactOf('key = abc\n'), 6, 9);
    const moved = artifactOf('key = abc\n', { path: 'b.txt', present: false });
    const again = recallMatch(moved, linesOf(moved, one), { rule: 'rule', known: written(one) }, fingerprint);
    expect(again?.match.location).toEqual({ ...one.match.location, path: 'b.txt', present: false });
  });

  it('gives nothing where value or line are not what they were', () => {
    const artifact = artifactOf('key = abc # note\n');
    const one = matchAt(artifact, 6, 9);
    for (const text of ['key = abd # note\n', 'key = abc # another\n', 'key', '', '\n\n\n']) {
      const other = artifactOf(text);
      expect(
        recallMatch(other, linesOf(other, one), { rule: 'rule', known: written(one) }, fingerprint),
      ).toBeUndefined();
    }
  });
});

describe('rememberMatch', () => {
  it('holds neither the value nor its line', () => {
    const value = `${'q'.repeat(9)}7`;
    const text = JSON.stringify(rememberMatch(matchAt(artifactOf(`key = ${value}\n`), 6, 16), fingerprint));
    expect(text).not.toContain(value);
    expect(text).not.toContain('key =');
  });

  it('leaves out what may be told otherwise the next time, or holds half of a pair', () => {
    const artifact = artifactOf('key = abc\n');
    const one = matchAt(artifact, 6, 9);
    expect(rememberMatch(one, fingerprint)).toBeDefined();
    for (const more of [{ facts: { expired: false } }, { parts: { id: 'abc' } }]) {
      expect(rememberMatch(matchAt(artifact, 6, 9, more), fingerprint)).toBeUndefined();
    }
    const location = { ...one.match.location, decoded: ['base64blob'] };
    expect(rememberMatch(matchAt(artifact, 6, 9, { location }), fingerprint)).toBeUndefined();
  });
});

describe('a packed match', () => {
  it('is refused where no run has written it', () => {
    const packer = new CheckPacker();
    const known = packer.pack(written(matchAt(artifactOf('key = abc\n'), 6, 9)));
    expect(isPackedMatch(known)).toBe(true);
    const parts = [
      { grade: 'x' },
      { confidence: 1 },
      { facts: [] },
      { keys: [{}] },
      { checks: ['a'] },
      { value: 3 },
      { line: null },
    ];
    for (const part of parts) expect(isPackedMatch({ ...known, ...part })).toBe(false);
    expect([null, 1, [], {}].some(isPackedMatch)).toBe(false);
    expect(unpackMatch({ ...known, checks: [7] }, packer.checks)).toBeUndefined();
    expect(areChecks([{ check: 'a', state: 'drop', reason: '' }])).toBe(false);
  });
});
