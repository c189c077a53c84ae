import type { Artifact } from '../../model/artifact.ts';
import { ANCHOR_COLUMNS, GROUP_COLUMNS, type Pack } from './pack.ts';
import { groupFarRules } from './regions.ts';

/** Set in the note on a version whose text is known, beside the bits of the groups whose literals it holds. */
const KNOWN = 0x80;
/** Every group. */
export const ALL_GROUPS = 0x7f;

/** Per literal of a pack, bits of the groups of far-reaching rules that it stands for. */
export function markFarLiterals(pack: Pack): Uint8Array {
  const { groupStarts, groups, anchors, literalLengths, rules } = pack;
  const bitOfRule = new Uint8Array(rules.length);
  for (const [group, numbers] of groupFarRules(pack).entries()) {
    for (const number of numbers) bitOfRule[number] = 1 << group;
  }
  const marks = new Uint8Array(literalLengths.length);
  for (let literal = 0; literal < marks.length; literal += 1) {
    const last = (groupStarts[literal + 1] as number) * GROUP_COLUMNS;
    for (let row = (groupStarts[literal] as number) * GROUP_COLUMNS; row < last; row += GROUP_COLUMNS) {
      for (let anchor = groups[row + 3] as number; anchor < (groups[row + 4] as number); anchor += 1) {
        const rule = anchors[anchor * ANCHOR_COLUMNS] as number;
        marks[literal] = (marks[literal] as number) | (bitOfRule[rule] as number);
      }
    }
  }
  return marks;
}

/** Groups whose literals the old part of a text may hold. */
export function groupsBefore({ ranges, lineage }: Artifact): number {
  if (ranges === undefined) return 0;
  const note = lineage === undefined || lineage.base < 0 ? 0 : (lineage.memory[lineage.base] as number);
  return note === 0 ? ALL_GROUPS : note & ALL_GROUPS;
}

/** Notes which groups have literals in a text: those seen now, and those of the version that the rest was copied from. */
export function noteGroups({ ranges, lineage }: Artifact, seen: number): void {
  if (lineage === undefined) return;
  const { memory, self, base } = lineage;
  const before = ranges === undefined ? KNOWN : base < 0 ? 0 : (memory[base] as number);
  if (before !== 0) memory[self] = before | seen;
}
