import { defined } from '../../lib/fields/defined.ts';
import type { PartItem, SharedWork, WorkReader } from '../abilities.ts';
import type { CollectContext } from '../contract.ts';
import type { Tree, TreeEntry } from './tree.ts';
import { type FolderNote, type ReadTree, TreeReader } from './tree-reader.ts';

/**
 * Files in one part: enough that some can be fetched ahead from a slow disk, and few enough that all threads end at
 * about the same time.
 */
const PART = 128;

/** Scope of files in the ledger. For a repository inside the target, its path follows. */
export const FILES = 'files';

/** The note by which a thread reports that something in a part is absent. */
const INCOMPLETE = 'incomplete';

/** Name of the scope of a tree. */
export function scopeOf({ within }: Pick<ReadTree, 'within'>): string {
  return within === '' ? FILES : `${FILES} ${within.slice(0, -1)}`;
}

/** A list of files for another thread. */
interface SharedFiles {
  readonly tree: ReadTree;
  /** Paths of the plain files, in order, each followed by NUL. Empty where an entry is in `special`. */
  readonly paths: string;
  readonly special: ReadonlyMap<number, TreeEntry>;
}

/** Reads parts of a list of files. */
class FilesReader implements WorkReader {
  readonly #entries: readonly TreeEntry[];
  readonly #reader: TreeReader;

  constructor(context: CollectContext, tree: ReadTree, entries: readonly TreeEntry[]) {
    this.#entries = entries;
    this.#reader = new TreeReader(context, tree, scopeOf(tree));
  }

  async *read(part: number): AsyncGenerator<PartItem> {
    const reader = this.#reader;
    const block = this.#entries.slice(part * PART, (part + 1) * PART);
    reader.begin(block);
    try {
      for (let at = 0; at < block.length; at += 1) {
        const waiting = reader.prepare(at);
        if (waiting !== undefined) await waiting;
        yield reader.take(at);
      }
    } finally {
      await reader.stop();
    }
    if (!reader.tookAll) yield { kind: 'note', note: INCOMPLETE };
  }

  async close(): Promise<void> {
    await this.#reader.stop();
  }
}

/** A list of files as work for several threads. */
export class FilesWork implements SharedWork {
  readonly parts: number;
  /** Becomes false when something that was listed is absent, or was left out by a glob. */
  tookAll = true;
  /** Paths of entries that are folders. The collector handles them. */
  readonly folders: string[] = [];
  readonly #tree: Tree;
  readonly #entries: readonly TreeEntry[];
  readonly #reader: FilesReader;

  constructor(context: CollectContext, tree: Tree, entries: readonly TreeEntry[]) {
    this.parts = Math.ceil(entries.length / PART);
    this.#tree = tree;
    this.#entries = entries;
    this.#reader = new FilesReader(context, tree, entries);
  }

  read(part: number): AsyncGenerator<PartItem> {
    return this.#reader.read(part);
  }

  note(note: unknown): void {
    if (note === INCOMPLETE) this.tookAll = false;
    else this.folders.push((note as FolderNote).folder);
  }

  share(): unknown {
    const { folder, name, within, store } = this.#tree;
    const special = new Map<number, TreeEntry>();
    const paths: string[] = [];
    for (const [index, entry] of this.#entries.entries()) {
      if (entry.kind === 'file' && entry.raw === undefined) paths.push(`${entry.path}\0`);
      else {
        special.set(index, entry);
        paths.push('\0');
      }
    }
    const shared: SharedFiles = {
      tree: { folder, name, within, ...defined({ store }) },
      paths: paths.join(''),
      special,
    };
    return shared;
  }

  close(): Promise<void> {
    return this.#reader.close();
  }
}

/** Opens what `FilesWork.share` returned in another thread. */
export function openSharedFiles(context: CollectContext, shared: unknown): WorkReader {
  const { tree, paths, special } = shared as SharedFiles;
  const entries = paths
    .slice(0, -1)
    .split('\0')
    .map((path, index): TreeEntry => bufferOf(special.get(index)) ?? { kind: 'file', path });
  return new FilesReader(context, tree, entries);
}

/** Between threads, a buffer becomes a plain array of bytes. */
function bufferOf(entry: TreeEntry | undefined): TreeEntry | undefined {
  if (entry === undefined || entry.kind === 'error' || entry.raw === undefined) return entry;
  return { ...entry, raw: Buffer.from(entry.raw) };
}
