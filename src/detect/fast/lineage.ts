import type { Artifact } from '../../model/artifact.ts';
import { ANCHOR, ANCHOR_COLUMNS, GROUP, GROUP_COLUMNS, type Pack } from './pack.ts';
import { FAR_GROUPS, groupFarRules, NEAR } from './regions.ts';

/** Set in the note on a version whose text is known, beside the bits of the groups of rules that may match in it. */
const KNOWN = 2 ** FAR_GROUPS;
const ALL_GROUPS = KNOWN - 1;

/** So many bytes from the start of a match tell whether it may be one. */
export const GLANCE = 40;

/** What a row of a pack's groups (one literal at one place in matches) says of far-reaching rules. */
export interface FarMarks {
  /** By row: bits of the far-reaching rules that its anchors stand for. */
  readonly bits: Uint32Array;
  /**
   * By row: 1 if the literal is near the start of a match, so that a glance at that start tells more than the literal.
   */
  readonly near: Uint8Array;
}

/** Prepares the marks of a pack. */
export function markFarRows(pack: Pack): FarMarks {
  const { groups, anchors, rules } = pack;
  const longest = pack.literalLengths.reduce((longestSoFar, length) => Math.max(longestSoFar, length), 0);
  const bitOfRule = new Uint32Array(rules.length);
  for (const [group, numbers] of groupFarRules(pack).entries()) {
    for (const number of numbers) bitOfRule[number] = 2 ** group;
  }
  const count = groups.length / GROUP_COLUMNS;
  const marks = { bits: new Uint32Array(count), near: new Uint8Array(count) };
  for (let row = 0; row < count; row += 1) {
    const at = row * GROUP_COLUMNS;
    for (
      let anchor = groups[at + GROUP.firstAnchor] as number;
      anchor < (groups[at + GROUP.endOfAnchors] as number);
      anchor += 1
    ) {
      const rule = anchors[anchor * ANCHOR_COLUMNS + ANCHOR.rule] as number;
      marks.bits[row] = (marks.bits[row] as number) | (bitOfRule[rule] as number);
    }
    const isNear =
      -(groups[at + GROUP.least] as number) + GLANCE <= NEAR &&
      (groups[at + GROUP.greatest] as number) + longest <= NEAR;
    marks.near[row] = isNear ? 1 : 0;
  }
  return marks;
}

/** Groups of far-reaching rules that may match in the old part of a text. */
export function groupsBefore({ ranges, lineage }: Artifact): number {
  if (ranges === undefined) return 0;
  const note = lineage === undefined || lineage.base < 0 ? 0 : (lineage.memory[lineage.base] as number);
  return note === 0 ? ALL_GROUPS : note & ALL_GROUPS;
}

/** Notes which groups may match in a text: those seen now, and those of the version that the rest was copied from. */
export function noteGroups({ ranges, lineage }: Artifact, seen: number): void {
  if (lineage === undefined) return;
  const { memory, self, base } = lineage;
  const before = ranges === undefined ? KNOWN : base < 0 ? 0 : (memory[base] as number);
  if (before !== 0) memory[self] = before | seen;
}
