import { expect } from 'vitest';
import type { CollectContext, Collected, DeclarationCollector } from '../../../src/collectors/contract.ts';
import { nestsDeeper } from '../../../src/lib/text/nesting.ts';
import type { Artifact } from '../../../src/model/artifact.ts';
import type { Evidence } from '../../../src/model/identity.ts';
import type { FuzzTarget } from './fuzz.ts';
import { nameInput, readNamed } from './named.ts';

/** Ids are names of keys in a report: no control characters, no blank at the ends. */
const ID = /^[^\p{Cc}\s](?:[^\p{Cc}]*[^\p{Cc}\s])?$/u;

/** What declarations are made of, in any format. */
const MARKS = [
  '- ',
  ': ',
  '&x ',
  '*x ',
  '<<: *x\n',
  '---\n',
  'null',
  '1e999',
  '"__proto__": 1,',
  '__proto__: 1\n',
  '${',
];

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

/** Has a collector read files as the engine does, and checks what it brings. `input`: the file that was made up. */
export async function declare(
  collector: DeclarationCollector,
  context: CollectContext,
  files: readonly Artifact[],
  input: Uint8Array,
): Promise<unknown> {
  // The engine gives such a file to no collector.
  if (nestsDeeper(input, 200)) return undefined;
  const given = files.filter(
    ({ origin, bytes }) => collector.accepts(origin.path) && collector.sniff?.(bytes, origin.path) !== false,
  );
  const items: Collected[] = [];
  for await (const item of collector.collect(context, given)) items.push(item);
  return checkCollected(items, Math.max(...files.map(({ bytes }) => Buffer.from(bytes).toString().split('\n').length)));
}

/** How a collector of declarations is fuzzed with files: one of them is changed, the others stay as they are. */
export function filesTarget(
  collector: DeclarationCollector,
  context: () => CollectContext,
  files: readonly Artifact[],
): FuzzTarget {
  const byPath = new Map(files.map((file) => [file.origin.path, file]));
  const paths = [...byPath.keys()];
  return {
    name: `collector ${collector.id}`,
    seeds: files.map(({ origin, bytes }) => nameInput(origin.path, bytes)),
    pieces: [...MARKS, ...paths.map((path) => `${path}\n`)],
    read: (input) => {
      const { name, content } = readNamed(input, paths);
      const changed = [...byPath.values()].map((file) =>
        file.origin.path === name ? { ...file, bytes: content } : file,
      );
      return declare(collector, context(), changed, content);
    },
  };
}
