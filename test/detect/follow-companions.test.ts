import { describe, expect, it } from 'vitest';
import { followCompanions } from '../../src/detect/follow-companions.ts';
import { createReferenceDetector } from '../../src/detect/reference.ts';
import type { ByteRange } from '../../src/model/artifact.ts';
import { headOf } from '../../src/model/rule-head.ts';
import { makeRule } from './make-rule.ts';

const companion = { rule: 'id', as: 'id', withinLines: 3, required: true };
const RULES = [
  makeRule({ id: 'id', pattern: 'ID[0-9]{4}' }),
  makeRule({ id: 'secret', pattern: 'SECRET[0-9]{4}', companions: [companion] }),
  makeRule({ id: 'other', pattern: 'OTHER[0-9]{4}' }),
];
const detector = followCompanions(createReferenceDetector(RULES), RULES.map(headOf));

function find(text: string, fresh: string): string[] {
  const start = text.indexOf(fresh);
  const ranges: ByteRange[] = [{ start, end: start + fresh.length }];
  const lineage = { memory: new Uint32Array(2), self: 1, base: 0 };
  const found = detector.scan({ origin: { collector: 'test', path: 'a' }, bytes: Buffer.from(text), ranges, lineage });
  return found.map(({ match }) => text.slice(match.start, match.end));
}

describe('followCompanions', () => {
  const text = 'OTHER1111\nSECRET1111\nx\n\nID2222\nOTHER2222\n';

  it('finds the old half of a pair, and nothing else that is old', () => {
    expect(find(text, 'ID2222')).toEqual(['SECRET1111', 'ID2222']);
    expect(find(text, 'SECRET1111')).toEqual(['SECRET1111', 'ID2222']);
    expect(find(text, 'OTHER2222')).toEqual(['OTHER2222']);
  });

  it('looks no farther than the rule says', () => {
    const far = 'SECRET1111\n\n\n\n\nID2222\n';
    expect(find(far, 'ID2222')).toEqual(['ID2222']);
    expect(find(far, 'SECRET1111')).toEqual(['SECRET1111']);
  });

  it('looks at both ends of a text, and never far along a line without end', () => {
    expect(find('SECRET1111 ID2222', 'ID2222')).toEqual(['SECRET1111', 'ID2222']);
    expect(find(`SECRET1111${' '.repeat(100_000)}ID2222`, 'ID2222')).toEqual(['ID2222']);
  });

  it('leaves what a change adds alone where it is no version: a pull request answers for its own lines', () => {
    const artifact = { origin: { collector: 'test', path: 'a' }, bytes: Buffer.from(text) };
    const ranges = [{ start: text.indexOf('ID2222'), end: text.indexOf('OTHER2222') }];
    expect(detector.scan({ ...artifact, ranges }).map(({ rule }) => rule.id)).toEqual(['id']);
  });

  it('leaves an artifact that is new as a whole to the detector', () => {
    const whole = { origin: { collector: 'test', path: 'a' }, bytes: Buffer.from(text) };
    expect(detector.scan(whole)).toEqual(createReferenceDetector(RULES).scan(whole));
  });
});
