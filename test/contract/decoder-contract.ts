import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DecodeBudget, Decoded, Decoder } from '../../src/decoders/contract.ts';
import type { Artifact } from '../../src/model/artifact.ts';
import { decoderTarget } from '../fuzz/shared/decoded.ts';
import { FUZZ_TIMEOUT, fuzz, readSeeds, TAKES_ANY_INPUT } from '../fuzz/shared/fuzz.ts';
import { TOKEN } from '../fuzz/shared/secrets.ts';

/** What the suite encodes where the text does not matter. */
const SAMPLE = `a line of text that is long enough to be decoded: ${TOKEN}`;

/** A budget as the pipeline gives it, smaller. */
export function budgetOf(changes: Partial<DecodeBudget> = {}): DecodeBudget {
  return { bytes: 1_000_000, entries: 100, ratio: 200, ...changes };
}

/** An artifact of a file. */
export function artifactOf(bytes: Uint8Array | string, path = 'file'): Artifact {
  return { origin: { collector: 'files', path }, bytes: typeof bytes === 'string' ? Buffer.from(bytes) : bytes };
}

/** Everything a decoder gives. */
export async function decodeAll(decoder: Decoder, artifact: Artifact, budget = budgetOf()): Promise<Decoded[]> {
  const all: Decoded[] = [];
  for await (const decoded of decoder.decode(artifact, budget)) all.push(decoded);
  return all;
}

/** The decoded texts. */
export function textsOf(decoded: readonly Decoded[]): string[] {
  return decoded.flatMap((one) => (one.kind === 'artifact' ? [Buffer.from(one.artifact.bytes).toString('utf8')] : []));
}

/** The reasons of gaps. */
export function gapsOf(decoded: readonly Decoded[]): string[] {
  return decoded.flatMap((one) => (one.kind === 'gap' ? [one.gap.reason] : []));
}

/** How many bytes came out. */
function sizeOf(decoded: readonly Decoded[]): number {
  return decoded.reduce((sum, one) => sum + (one.kind === 'artifact' ? one.artifact.bytes.length : 0), 0);
}

/** Fuzzes a decoder with inputs that it takes. The suite does it; a decoder that the suite does not fit calls this. */
export function fuzzDecoder(decoder: Decoder, samples: () => Promise<readonly Uint8Array[]>): void {
  const run = async (): Promise<void> => {
    const target = decoderTarget(decoder, await samples());
    await readSeeds(target);
    await fuzz(target);
  };
  it(TAKES_ANY_INPUT, run, FUZZ_TIMEOUT);
}

/** The suite that every decoder passes. `sample` is an input that it decodes; `encode` makes one from a text. */
export function decoderContract(decoder: Decoder, encode: (text: string) => Uint8Array | Promise<Uint8Array>): void {
  const line = fc.stringMatching(/^[ -~]{40,80}$/);

  describe(`decoder ${decoder.id}`, () => {
    it('gives back what was encoded', async () => {
      await fc.assert(
        fc.asyncProperty(line, async (text) => {
          const artifact = artifactOf(await encode(text));
          expect(decoder.accepts(artifact), `${decoder.id} must accept what "encode" makes`).toBe(true);
          expect(textsOf(await decodeAll(decoder, artifact)).join('\n')).toContain(text);
        }),
        { numRuns: 40 },
      );
    });

    it('accepts only what begins as it says', async () => {
      const sample = Buffer.from(await encode(SAMPLE));
      const firsts = Array.from({ length: 256 }, (_, first) => first).filter((first) => {
        sample[0] = first;
        return decoder.accepts(artifactOf(sample));
      });
      expect(firsts).not.toEqual([]);
      expect(firsts.filter((first) => decoder.begins?.includes(first) === false)).toEqual([]);
    });

    fuzzDecoder(decoder, async () => [await encode(SAMPLE)]);

    it('never throws on any bytes', async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), async (bytes) => {
          if (!decoder.accepts(artifactOf(bytes))) return;
          expect(decoder.begins?.includes(bytes[0] ?? -1)).not.toBe(false);
          await decodeAll(decoder, artifactOf(bytes));
        }),
      );
    });

    it('keeps the budget: what it gives was paid for, and nothing comes from an empty one', async () => {
      const artifact = artifactOf(await encode(SAMPLE));
      const budget = budgetOf();
      const given = await decodeAll(decoder, artifact, budget);
      expect(1_000_000 - budget.bytes).toBeGreaterThanOrEqual(Math.min(sizeOf(given), 1));
      const none = await decodeAll(decoder, artifact, budgetOf({ bytes: 0, entries: 0 }));
      expect(textsOf(none)).toEqual([]);
      expect(gapsOf(none).length, 'a budget that is used up must end as a gap').toBeGreaterThan(0);
    });

    it('keeps the origin and tells how it got there', async () => {
      const artifact = artifactOf(await encode(SAMPLE));
      for (const one of await decodeAll(decoder, artifact)) {
        if (one.kind !== 'artifact') continue;
        expect(one.artifact.origin).toEqual(artifact.origin);
        expect(one.artifact.derivation).toMatchObject({ decoder: decoder.id, parent: artifact });
      }
    });
  });
}
