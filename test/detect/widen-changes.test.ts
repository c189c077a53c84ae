import { expect, it } from 'vitest';
import { createReferenceDetector } from '../../src/detect/reference.ts';
import { widenChanges } from '../../src/detect/widen-changes.ts';
import { type ByteRange, VERDICT_REACH } from '../../src/model/artifact.ts';
import { makeRule } from './make-rule.ts';

const RULE = makeRule({ id: 'word', pattern: 'SECRET[0-9]{4}' });
const detector = widenChanges(createReferenceDetector([RULE]));
const artifact = { origin: { collector: 'test', path: 'a' } };
const lineage = { memory: new Uint32Array(2), self: 1, base: 0 };

function starts(text: string, ranges: readonly ByteRange[], version: boolean): number[] {
  const { scan } = detector;
  const input = { ...artifact, bytes: Buffer.from(text), ranges, ...(version ? { lineage } : {}) };
  return scan(input).map(({ match }) => match.start);
}

it('looks again at what stands as near to a change as a verdict can reach', () => {
  const near = `SECRET0000${' '.repeat(VERDICT_REACH)}x${' '.repeat(VERDICT_REACH)}SECRET1111`;
  const at = near.indexOf('x');
  expect(starts(near, [{ start: at, end: at + 1 }], true)).toEqual([]);
  expect(starts(near, [{ start: at - 1, end: at + 2 }], true)).toEqual([0, near.length - 10]);
});

it('adds nothing where nothing changed, or where the text is no version', () => {
  expect(starts('SECRET0000 x', [], true)).toEqual([]);
  expect(starts('SECRET0000 x', [{ start: 11, end: 12 }], false)).toEqual([]);
});
