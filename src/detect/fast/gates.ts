import { ACCEPTED, BEGIN, REFUSED } from '../analyse/gate.ts';
import type { Pack, PackedRule } from './pack.ts';
import type { StartSpan } from './starts.ts';

/** Places that share a window even though the gate refuses those between them. */
const JOIN_WITHIN = 16;

/** Leaves of each span the places that the rule's gate lets pass. Spans are sorted, and so is the result. */
export function passGate(
  pack: Pack,
  rule: PackedRule,
  bytes: Uint8Array,
  spans: readonly StartSpan[],
): readonly StartSpan[] {
  if (rule.gate === undefined) return spans;
  const passed: { first: number; last: number }[] = [];
  for (const span of spans) {
    let open: { first: number; last: number } | undefined;
    for (let place = span.first; place <= span.last; place++) {
      if (!isPossible(pack, rule.gate, rule.length, bytes, place)) continue;
      if (open !== undefined && place - open.last <= JOIN_WITHIN) open.last = place;
      else {
        open = { first: place, last: place };
        passed.push(open);
      }
    }
  }
  return passed;
}

function isPossible(
  { gates, sets }: Pack,
  gate: NonNullable<PackedRule['gate']>,
  length: number,
  bytes: Uint8Array,
  place: number,
): boolean {
  const { table, shift } = gate;
  const classes = gate.classes << 8;
  const end = Math.min(bytes.length, place + length);
  let state = BEGIN;
  for (let at = place; at < end; at++) {
    state = gates[table + (state << shift) + (sets[classes + (bytes[at] as number)] as number)] as number;
    if (state <= ACCEPTED) return state !== REFUSED;
  }
  return false;
}
