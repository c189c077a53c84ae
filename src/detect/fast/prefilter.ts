import type { HitList } from '../automaton/hits.ts';
import { ANCHOR_COLUMNS, type Pack, RUN_COLUMNS, TEST_COLUMNS } from './pack.ts';
import type { StartCollector } from './starts.ts';

/** Turns hits of literals into places where a match may start, after the byte tests of each anchor. Allocates nothing per hit. */
export function collectStarts(pack: Pack, bytes: Uint8Array, hits: HitList, starts: StartCollector): void {
  const { outputStarts, outputs, firstOutput } = pack.automaton;
  const { size } = hits;
  for (let hit = 0; hit < size; hit++) {
    const end = hits.positionAt(hit);
    const state = hits.stateAt(hit) - firstOutput;
    const last = outputStarts[state + 1] as number;
    for (let output = outputStarts[state] as number; output < last; output++) {
      const literal = outputs[output] as number;
      tryAnchors(pack, bytes, literal, end - (pack.literalLengths[literal] as number), starts);
    }
  }
}

/** `at`: where the literal begins. */
function tryAnchors(pack: Pack, bytes: Uint8Array, literal: number, at: number, starts: StartCollector): void {
  const { anchors, anchorStarts } = pack;
  const last = (anchorStarts[literal + 1] as number) * ANCHOR_COLUMNS;
  for (let row = (anchorStarts[literal] as number) * ANCHOR_COLUMNS; row < last; row += ANCHOR_COLUMNS) {
    if (!passesTests(pack, bytes, at, anchors[row + 3] as number, anchors[row + 4] as number)) continue;
    const run = anchors[row + 5] as number;
    if (run >= 0 && !passesRun(pack, bytes, at, run)) continue;
    starts.add(anchors[row] as number, at - (anchors[row + 2] as number), at - (anchors[row + 1] as number));
  }
}

function passesTests(pack: Pack, bytes: Uint8Array, at: number, first: number, end: number): boolean {
  const { tests, sets } = pack;
  for (let row = first * TEST_COLUMNS; row < end * TEST_COLUMNS; row += TEST_COLUMNS) {
    const from = at + (tests[row] as number);
    const to = from + (tests[row + 1] as number);
    const set = (tests[row + 2] as number) << 8;
    if (from < 0 || to > bytes.length) {
      if (tests[row + 3] === 1) continue;
      return false;
    }
    for (let place = from; place < to; place++) if (sets[set + (bytes[place] as number)] === 0) return false;
  }
  return true;
}

/** Looks at every `count`-th byte only: a run of that length cannot lie between two of them. */
function passesRun(pack: Pack, bytes: Uint8Array, at: number, run: number): boolean {
  const { runs, sets } = pack;
  const row = run * RUN_COLUMNS;
  const count = runs[row + 2] as number;
  const set = (runs[row + 3] as number) << 8;
  const least = Math.max(0, at + (runs[row] as number));
  const end = Math.min(bytes.length, at + (runs[row + 1] as number));
  let probe = least + count - 1;
  while (probe < end) {
    if (sets[set + (bytes[probe] as number)] === 0) {
      probe += count;
      continue;
    }
    let first = probe;
    while (first > least && sets[set + (bytes[first - 1] as number)] === 1) first -= 1;
    let last = probe + 1;
    while (last < end && last - first < count && sets[set + (bytes[last] as number)] === 1) last += 1;
    if (last - first >= count) return true;
    probe = last + count;
  }
  return false;
}
