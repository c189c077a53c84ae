import type { Artifact } from '../../model/artifact.ts';
import type { GapReason } from '../../model/gap.ts';
import type { DecodeBudget, Decoded } from '../contract.ts';

/** An entry of a container as an artifact. */
export function toEntry(decoder: string, parent: Artifact, entry: string, bytes: Uint8Array): Decoded {
  return { kind: 'artifact', artifact: { origin: parent.origin, bytes, derivation: { decoder, parent, entry } } };
}

/** A gap inside a container. */
export function containerGap(parent: Artifact, reason: GapReason, message: string): Decoded {
  const subject = displayPath(parent);
  return { kind: 'gap', gap: { reason, subject, message: `${subject}: ${message}` } };
}

/** Path of an artifact with the names of the archive entries it came out of, and how it is written in a text. */
export function displayPath(artifact: Artifact): string {
  const { derivation, origin } = artifact;
  if (derivation === undefined) return origin.path;
  const { parent, entry, span, decoder } = derivation;
  const outer = displayPath(parent);
  if (span !== undefined) return `${outer} (${decoder})`;
  return entry === undefined ? outer : `${outer}!/${entry}`;
}

/** Most bytes that one input of `length` bytes may become now: the budget, and the ratio with room for small inputs. */
export function allowedBytes(budget: DecodeBudget, length: number): number {
  return Math.max(0, Math.min(budget.bytes, length * budget.ratio + 65_536));
}
