import { expect, it } from 'vitest';
import type { PartItem } from '../../src/collectors/abilities.ts';
import { openSharedPrincipals, PrincipalsWork } from '../../src/collectors/aws/work.ts';
import type { PermissionFacts } from '../../src/permissions/aws/analyse.ts';
import { busyDetails } from './busy-account.ts';

/** Work on an account, and a reader of it as another thread opens it. */
function shareAccount(count: number, facts = new Map<string, PermissionFacts>()) {
  const shared = { pages: [busyDetails(count)] as never, granted: new Map() };
  const work = new PrincipalsWork(shared, (_, { arn }, own) => facts.set(arn, own));
  return { work, facts, reader: openSharedPrincipals(structuredClone(work.share())) };
}

function notesOf(items: Iterable<PartItem> | AsyncIterable<PartItem>): unknown[] {
  return [...(items as Iterable<PartItem>)].map((item) => (item.kind === 'note' ? structuredClone(item.note) : item));
}

it('judges every part as another thread does, in any order', () => {
  const { work, reader } = shareAccount(160);
  const parts = Array.from({ length: work.parts }, (_, part) => part);
  expect(parts.length).toBeGreaterThan(2);
  const there = new Map(parts.toReversed().map((part) => [part, notesOf(reader.read(part))]));
  for (const part of parts) expect(notesOf(work.read(part))).toEqual(there.get(part));
});

it('takes every principal once, users before roles, without roles of services', () => {
  const { work, facts } = shareAccount(160);
  for (let part = 0; part < work.parts; part += 1) for (const note of notesOf(work.read(part))) work.note(note);
  const arns = [...facts.keys()];
  expect(arns).toHaveLength(159);
  expect(arns.findLastIndex((arn) => arn.includes(':user/'))).toBe(79);
  expect(arns.at(-1)).toContain(':role/r79');
});

it('has no part where there is nobody', () => {
  expect(shareAccount(0).work.parts).toBe(0);
});
