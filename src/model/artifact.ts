/** Who can read the place where something was found. `unknown` is scored at its stated middle, never assumed away. */
export type Exposure = 'public' | 'organisation' | 'private' | 'local' | 'unknown';

/**
 * Which text of the origin the bytes are. `file-name`: the path itself. `person`: name and address of who made a commit
 * or tag. `header`: what else stands above the message of one.
 */
export type OriginPart = keyof typeof ORIGIN_PARTS;

/** All of them. */
export const ORIGIN_PARTS = {
  content: true,
  'commit-message': true,
  'tag-message': true,
  text: true,
  'file-name': true,
  person: true,
  header: true,
} as const;

/**
 * Bytes on either side of a match that its verdict may depend on: what checks are shown, and room for context words.
 * What changed farther away changes no verdict, except through companion rules.
 */
export const VERDICT_REACH = 512;

/** Half-open byte range `[start, end)`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Where bytes came from. Paths use forward slashes and are relative to the target's root.
 * Names of people are kept, e-mail addresses never are.
 */
export interface Origin {
  /** Id of the collector. */
  readonly collector: string;
  readonly path: string;
  readonly part?: OriginPart;
  /** `owner/name` where a remote tells it, else the folder's name. */
  readonly repository?: string;
  readonly commit?: string;
  readonly blob?: string;
  readonly author?: string;
  /** ISO 8601, UTC. */
  readonly date?: string;
  readonly url?: string;
  readonly exposure?: Exposure;
  /** False for a git object that no ref reaches. */
  readonly reachable?: boolean;
  /** True when the same bytes are in the tree that is checked out (HEAD, index or working tree). */
  readonly present?: boolean;
}

/** How a decoded artifact hangs on the artifact it was decoded from. */
export interface Derivation {
  readonly decoder: string;
  readonly parent: Artifact;
  /** Name inside a container, for example `app/.env` in a zip file. Lines count within the entry. */
  readonly entry?: string;
  /** The encoded text inside the parent, in bytes. Lines count within the parent. */
  readonly span?: ByteRange;
  /** Where in the parent a part of the decoded text stands; absent where only the whole span tells. */
  readonly placeOf?: (part: ByteRange) => ByteRange;
}

/**
 * Versions of a text of which only the changes are new. `memory` has one number a version, in which the detector notes
 * what it saw of each; 0: nothing yet. `base` is the version that the rest was copied from, -1: none.
 */
export interface Lineage {
  readonly memory: Uint32Array;
  readonly self: number;
  readonly base: number;
}

/** Bytes with provenance: the unit that flows from collectors through decoders to detection. */
export interface Artifact {
  readonly origin: Origin;
  /** Valid until the consumer asks for the next artifact: a collector may reuse the memory. Copy to keep. */
  readonly bytes: Uint8Array;
  readonly derivation?: Derivation | undefined;
  /** Only these ranges are new; the rest was scanned as part of another artifact. Absent: everything is new. */
  readonly ranges?: readonly ByteRange[] | undefined;
  readonly lineage?: Lineage | undefined;
}

/**
 * The same artifact in the one shape that detection is compiled for: every field there, in one order, and bytes of no
 * subclass. V8 compiles hot code again for every shape that it meets.
 */
export function shapeArtifact({ origin, bytes, derivation, ranges, lineage }: Artifact): Artifact {
  const plain = bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  return { origin, bytes: plain, derivation, ranges, lineage };
}

/** The same artifact with other ranges, in the same shape. */
export function withRanges({ origin, bytes, derivation, lineage }: Artifact, ranges: readonly ByteRange[]): Artifact {
  return { origin, bytes, derivation, ranges, lineage };
}
