import { shareNumbers } from '../../lib/bytes/shared-array.ts';
import type { ChangesOnly, SourceAnswer } from '../objects/object-source.ts';
import type { PackPart } from './cut-parts.ts';
import { PackFile } from './pack-file.ts';
import { type PackObject, PackWalk, type ReadablePack } from './walk-pack.ts';

/** How many times its size a pack may be rebuilt to. Real histories need about 50. */
const MAX_GROWTH = 1_000;
const LEAST_REBUILT = 8 * 2 ** 30;
const GIVEN = 1;
const TOO_LARGE = 2;

/** A part of the objects of one pack. */
export interface NumberedPart extends PackPart {
  /** Number of the pack. */
  readonly pack: number;
}

/** A pack whose objects have numbers in the table of the store. */
export interface NumberedPack extends ReadablePack {
  /** Number in the table by place in the pack. */
  readonly numbers: Int32Array;
  /** By place: 1 if the object is returned from this pack. An object that lies in several packs is returned once. */
  readonly given: Uint8Array;
}

/** Everything that is needed to read parts. All but the packs themselves can be passed to another thread. */
export interface PartPlan {
  readonly types: readonly number[];
  readonly maxBytes: number;
  readonly parts: readonly NumberedPart[];
  /** By number in the table: 0 not read, 1 returned, 2 too large. Every thread that reads parts writes to it. */
  readonly state: Uint8Array;
  /** Bytes rebuilt, by part. Written while the part is read. */
  readonly rebuilt: Float64Array;
  /** Its only number becomes 1 when packs describe far more than they hold. Then reading stops. */
  readonly stopped: Uint8Array;
}

/** A plan and its packs, as plain data and shared memory. */
interface SharedParts {
  readonly plan: PartPlan;
  readonly packs: readonly SharedPack[];
}

interface SharedPack {
  readonly path: string;
  readonly checksum: Uint8Array;
  readonly index: ReadablePack['index'];
  readonly forest: ReadablePack['forest'];
  readonly numbers: Int32Array;
  readonly given: Uint8Array;
}

/** Reads parts, in any order. Threads that share a plan return every object once between them. */
export class PartReader {
  readonly #packs: readonly NumberedPack[];
  readonly #plan: PartPlan;
  readonly #changes: ChangesOnly | undefined;
  readonly #walks: (PackWalk | undefined)[] = [];

  constructor(packs: readonly NumberedPack[], plan: PartPlan, changes: ChangesOnly | undefined) {
    this.#packs = packs;
    this.#plan = plan;
    this.#changes = changes;
  }

  /** The answers of a part; nothing for what only git can read. Stops where a pack describes far more than it holds. */
  *read(number: number): Generator<SourceAnswer> {
    const part = this.#plan.parts[number] as NumberedPart;
    const pack = this.#packs[part.pack] as NumberedPack;
    const walk = this.#walkOf(part.pack, pack);
    const before = walk.rebuilt;
    const limit = mostRebuilt(pack);
    if (this.#plan.stopped[0] === 1) return;
    for (const object of walk.objects(part)) {
      this.#plan.rebuilt[number] = walk.rebuilt - before;
      if (walk.rebuilt - before > limit) return;
      const answer = this.#settle(pack, object);
      if (answer !== undefined) yield answer;
    }
  }

  close(): void {
    for (const { file } of this.#packs) file.close();
  }

  #walkOf(number: number, pack: NumberedPack): PackWalk {
    const { types, maxBytes } = this.#plan;
    const walk = this.#walks[number] ?? new PackWalk(pack, types, { maxBytes, margin: this.#changes?.margin ?? 0 });
    this.#walks[number] = walk;
    return walk;
  }

  #settle(pack: NumberedPack, object: PackObject): SourceAnswer | undefined {
    if (object.kind === 'failed' || pack.given[object.place] !== 1) return undefined;
    const index = pack.numbers[object.place] as number;
    this.#plan.state[index] = object.kind === 'object' ? GIVEN : TOO_LARGE;
    if (object.kind === 'too-large') return { index, failure: 'too-large', size: object.size };
    const { bytes, ranges, baseBytes } = object;
    if (ranges === undefined || baseBytes === undefined || this.#changes === undefined) return { index, bytes };
    const base = pack.numbers[object.base] as number;
    const isCopy = this.#changes.comparable({ index: base, bytes: baseBytes }, { index, bytes });
    return isCopy ? { index, bytes, ranges, base } : { index, bytes };
  }
}

/** How many bytes a pack may be rebuilt to. */
export function mostRebuilt(pack: Pick<ReadablePack, 'file'>): number {
  return Math.max(LEAST_REBUILT, pack.file.size * MAX_GROWTH);
}

/** Turns a plan and its packs into something that another thread can receive. */
export function shareParts(packs: readonly NumberedPack[], plan: PartPlan): SharedParts {
  return { plan, packs: packs.map(sharePack) };
}

function sharePack({ file, index, forest, numbers, given }: NumberedPack): SharedPack {
  const { type, size, header, parent, firstChild, nextSibling } = forest;
  return {
    path: file.path,
    checksum: file.checksum,
    index: { count: index.count, width: index.width, offsets: shareNumbers(index.offsets) },
    forest: {
      type: shareNumbers(type),
      size: shareNumbers(size),
      header: shareNumbers(header),
      parent: shareNumbers(parent),
      firstChild: shareNumbers(firstChild),
      nextSibling: shareNumbers(nextSibling),
    },
    numbers: shareNumbers(numbers),
    given: shareNumbers(given),
  };
}

/**
 * Opens what `ObjectParts.share` returned in another thread.
 * @throws PackError or a file error where a pack is no longer there
 */
export function openSharedParts(shared: unknown, changes?: ChangesOnly): PartReader {
  const { plan, packs } = shared as SharedParts;
  const opened: NumberedPack[] = [];
  try {
    for (const { path, checksum, ...pack } of packs) {
      opened.push({ ...pack, file: new PackFile(path, { count: pack.index.count, checksum }) });
    }
  } catch (error) {
    for (const { file } of opened) file.close();
    throw error;
  }
  return new PartReader(opened, plan, changes);
}
