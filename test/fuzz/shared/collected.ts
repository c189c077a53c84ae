import { expect } from 'vitest';
import type { Collected } from '../../../src/collectors/contract.ts';
import type { Evidence } from '../../../src/model/identity.ts';

/** Ids are names of keys in a report: no control characters, no blank at the ends. */
const ID = /^[^\p{Cc}\s](?:[^\p{Cc}]*[^\p{Cc}\s])?$/u;

/** What must hold for all that a collector brings, whatever it read. Returns what it says in gaps. */
export function checkCollected(items: readonly Collected[], lines = Number.POSITIVE_INFINITY): unknown {
  const gaps: string[] = [];
  for (const item of items) {
    if (item.kind === 'gap') {
      expect(item.gap.reason, item.gap.message).not.toBe('bug');
      expect(item.gap.message.trim().length, 'a gap says what was missed').toBeGreaterThan(10);
      expect(item.gap.subject).not.toBe('');
      gaps.push(item.gap.message);
    } else if (item.kind === 'identity') {
      const { identity } = item;
      expect(identity.id).toMatch(ID);
      expect(identity.name).not.toBe('');
      expect(JSON.parse(JSON.stringify(identity))).toEqual(identity);
      checkEvidence(identity.evidence, lines);
    } else if (item.kind === 'edge') checkEvidence(item.edge.evidence, lines);
  }
  return gaps;
}

function checkEvidence(evidence: readonly Evidence[], lines: number): void {
  expect(evidence.length).toBeGreaterThan(0);
  for (const { location } of evidence) {
    if (location === undefined) continue;
    const { startLine, startColumn, endLine } = location;
    expect([startLine >= 1, startColumn >= 1, endLine >= startLine]).toEqual([true, true, true]);
    expect(startLine).toBeLessThanOrEqual(lines);
  }
}
