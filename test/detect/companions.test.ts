import { describe, expect, it } from 'vitest';
import { COMPANION_REACH, findCompanions } from '../../src/detect/companions.ts';
import { createReferenceDetector } from '../../src/detect/reference.ts';
import { itRarely } from '../it-rarely.ts';
import { makeRule } from './make-rule.ts';

const companion = { rule: 'id', as: 'id', withinLines: 2, required: true };
const RULES = [
  makeRule({ id: 'id', pattern: 'ID[0-9]{4}' }),
  makeRule({ id: 'secret', pattern: 'SECRET[0-9]{4}', companions: [companion] }),
];

function idOf(text: string, secret: string): string | undefined {
  const artifact = { origin: { collector: 'test', path: 'a' }, bytes: Buffer.from(text) };
  const candidates = createReferenceDetector(RULES).scan(artifact);
  const at = candidates.findIndex(({ match }) => text.slice(match.start, match.end) === secret);
  const { parts, missing } = findCompanions(artifact, candidates, at);
  expect(missing === undefined).toBe(parts['id'] !== undefined);
  return parts['id'];
}

describe('findCompanions', () => {
  it.each([
    ['before', 'ID1111\nSECRET0000\n', 'ID1111'],
    ['after', 'SECRET0000\nID1111\n', 'ID1111'],
    ['as many lines away as the rule allows', 'SECRET0000\n\nID1111\n', 'ID1111'],
    ['the nearest before', 'ID1111 ID2222 SECRET0000\n \n ID3333', 'ID2222'],
    ['the nearest after', 'ID1111    \n    SECRET0000 ID3333', 'ID3333'],
    ['the farther one where the nearer is too many lines away', 'ID1111              SECRET0000\n\n\nID3333', 'ID1111'],
  ])('finds one %s', (_, text, id) => {
    expect(idOf(text, 'SECRET0000')).toBe(id);
  });

  it.each([
    ['too many lines away', 'SECRET0000\n\n\nID1111'],
    ['on the same line without end', `SECRET0000${' '.repeat(COMPANION_REACH)}ID1111`],
    ['nowhere', 'SECRET0000'],
  ])('finds none %s', (_, text) => {
    expect(idOf(text, 'SECRET0000')).toBeUndefined();
  });

  itRarely('looks at a dump of secrets in linear time', () => {
    const text = 'SECRET0000\n\n\n'.repeat(10_000);
    const artifact = { origin: { collector: 'test', path: 'a' }, bytes: Buffer.from(text) };
    const candidates = createReferenceDetector(RULES).scan(artifact);
    let looked = 0;
    const counted = new Proxy(candidates, {
      get: (list, key) => {
        looked += 1;
        return Reflect.get(list, key);
      },
    });
    for (let at = 0; at < 200; at += 1) findCompanions(artifact, counted, 5_000 + at);
    expect(looked / 200).toBeLessThan((6 * COMPANION_REACH) / 'SECRET0000\n\n\n'.length);
  });
});
