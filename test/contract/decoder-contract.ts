import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DecodeBudget, Decoded, Decoder } from '../../src/decoders/contract.ts';
import type { Artifact } from '../../src/model/artifact.ts';

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

    it('never throws on damaged input, and ends', async () => {
      const sample = Buffer.from(await encode('a line of text that is long enough to be decoded: 0123456789'));
      await fc.assert(
        fc.asyncProperty(fc.nat(sample.length - 1), fc.nat(255), fc.nat(sample.length), async (at, value, length) => {
          const damaged = Buffer.from(sample);
          damaged[at] = value;
          await decodeAll(decoder, artifactOf(damaged.subarray(0, length)));
        }),
        { numRuns: 150 },
      );
    });

    it('never throws on any bytes', async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), async (bytes) => {
          if (decoder.accepts(artifactOf(bytes))) await decodeAll(decoder, artifactOf(bytes));
        }),
      );
    });

    it('keeps the budget: what it gives was paid for, and nothing comes from an empty one', async () => {
      const artifact = artifactOf(await encode('a line of text that is long enough to be decoded: 0123456789'));
      const budget = budgetOf();
      const given = await decodeAll(decoder, artifact, budget);
      const bytes = given.reduce((sum, one) => sum + (one.kind === 'artifact' ? one.artifact.bytes.length : 0), 0);
      expect(1_000_000 - budget.bytes).toBeGreaterThanOrEqual(Math.min(bytes, 1));
      const none = await decodeAll(decoder, artifact, budgetOf({ bytes: 0, entries: 0 }));
      expect(textsOf(none)).toEqual([]);
      expect(gapsOf(none).length, 'a budget that is used up must end as a gap').toBeGreaterThan(0);
    });

    it('keeps the origin and tells how it got there', async () => {
      const artifact = artifactOf(await encode('a line of text that is long enough to be decoded: 0123456789'));
      for (const one of await decodeAll(decoder, artifact)) {
        if (one.kind !== 'artifact') continue;
        expect(one.artifact.origin).toEqual(artifact.origin);
        expect(one.artifact.derivation).toMatchObject({ decoder: decoder.id, parent: artifact });
      }
    });
  });
}
