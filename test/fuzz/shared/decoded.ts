import { expect } from 'vitest';
import type { DecodeBudget, Decoded, Decoder } from '../../../src/decoders/contract.ts';
import { DECODER_INPUTS } from '../targets/decoders.ts';
import type { FuzzTarget } from './fuzz.ts';

/** Bytes that one input may give. */
const MOST_BYTES = 1_000_000;

/** How a decoder is fuzzed: with these valid inputs, and with its row of `targets/decoders.ts` where it has one. */
export function decoderTarget(decoder: Decoder, samples: readonly Uint8Array[]): FuzzTarget {
  const { seeds = [], pieces = [] } = DECODER_INPUTS[decoder.id] ?? {};
  return {
    name: `decoder ${decoder.id}`,
    seeds: [...samples, ...seeds],
    pieces,
    read: (input) => decode(decoder, input),
  };
}

/** What a gap says is not looked at: it names entries of archives, and a whole scan takes values out of names. */
async function decode(decoder: Decoder, bytes: Buffer): Promise<void> {
  const artifact = { origin: { collector: 'files', path: 'folder/file' }, bytes };
  if (!decoder.accepts(artifact)) return;
  expect(decoder.begins?.includes(bytes[0] ?? -1)).not.toBe(false);
  const budget = { bytes: MOST_BYTES, entries: 100, ratio: 200 };
  let size = 0;
  for await (const one of decoder.decode(artifact, budget)) {
    checkDecoded(one, bytes.length);
    if (one.kind === 'artifact') size += one.artifact.bytes.length;
  }
  checkBudget(budget, size);
}

function checkDecoded(decoded: Decoded, length: number): void {
  if (decoded.kind === 'gap') {
    expect(decoded.gap.message.trim().length).toBeGreaterThan(10);
    expect(decoded.gap.reason).not.toBe('bug');
    return;
  }
  const { bytes, derivation } = decoded.artifact;
  expect(derivation, 'what is decoded hangs on what it was decoded from').toBeDefined();
  if (derivation?.span === undefined) return;
  checkSpan(derivation.span, length);
  const half = Math.floor(bytes.length / 2);
  for (const part of [
    { start: 0, end: half },
    { start: half, end: bytes.length },
  ]) {
    const place = derivation.placeOf?.(part);
    if (place !== undefined) checkSpan(place, length);
  }
}

function checkSpan({ start, end }: { readonly start: number; readonly end: number }, length: number): void {
  expect(start).toBeGreaterThanOrEqual(0);
  expect(end).toBeGreaterThanOrEqual(start);
  expect(end).toBeLessThanOrEqual(length);
}

function checkBudget(budget: DecodeBudget, size: number): void {
  expect(budget.bytes).toBeGreaterThanOrEqual(0);
  expect(size).toBeLessThanOrEqual(MOST_BYTES);
}
