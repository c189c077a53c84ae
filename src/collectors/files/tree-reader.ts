import { joinBytes } from '../../lib/files/walk.ts';
import type { SkipReason } from '../../model/gap.ts';
import type { PartItem } from '../abilities.ts';
import type { CollectedItem } from '../collected.ts';
import type { CollectContext } from '../contract.ts';
import { createExclusion } from '../shared/exclusion.ts';
import { followLfsPointer } from '../shared/lfs.ts';
import { DiskWatch, type Place, ReadAhead } from './ahead.ts';
import { type FileRead, FileReader } from './read.ts';
import { folderOfHead, isStore } from './store.ts';
import type { Tree, TreeEntry } from './tree.ts';

/** Says that an entry is a folder: a submodule, a repository inside this one, or a file that has become a folder. */
export interface FolderNote {
  readonly folder: string;
}

/** The parts of a tree that reading its files needs. */
export type ReadTree = Pick<Tree, 'folder' | 'name' | 'within' | 'store'>;

/**
 * Reads the files of a listed tree one by one, in blocks. If the disk turns out to be slow, the rest of a block is
 * fetched ahead.
 */
export class TreeReader {
  readonly #tree: ReadTree;
  readonly #scope: string;
  readonly #limit: number;
  readonly #clock: (() => number) | undefined;
  readonly #files: FileReader;
  readonly #excludes: ((path: string) => boolean) | undefined;
  readonly #watch = new DiskWatch();
  /** The folder, with a slash at its end. */
  readonly #prefix: string;
  #block: readonly TreeEntry[] = [];
  #ahead: ReadAhead | undefined;
  #tookAll = true;

  constructor(context: CollectContext, tree: ReadTree, scope: string) {
    this.#tree = tree;
    this.#scope = scope;
    this.#limit = context.limits.fileBytes;
    this.#clock = context.clock;
    this.#files = new FileReader(this.#limit, context.room?.());
    this.#excludes = createExclusion(context, tree.within);
    this.#prefix = tree.folder.endsWith('/') ? tree.folder : `${tree.folder}/`;
  }

  /** False if something that was listed is absent, or was left out by a glob. */
  get tookAll(): boolean {
    return this.#tookAll && this.#excludes === undefined;
  }

  /** Sets the entries to which the indexes of `prepare` and `take` refer. */
  begin(block: readonly TreeEntry[]): void {
    this.#block = block;
    this.#ahead = undefined;
  }

  /** Returns what must be awaited before an entry is taken, if anything. */
  prepare(index: number): Promise<void> | undefined {
    const clock = this.#clock;
    if (clock !== undefined && this.#watch.isSlow) {
      this.#ahead ??= new ReadAhead(
        this.#block.map((entry) => this.#wanted(entry)),
        index,
      );
      return this.#waitTimed(this.#ahead, index, clock);
    }
    const ended = this.#ahead;
    this.#ahead = undefined;
    return ended?.stop();
  }

  async #waitTimed(ahead: ReadAhead, index: number, clock: () => number): Promise<void> {
    const begun = clock();
    await ahead.ready(index);
    this.#watch.noteWait(clock() - begun);
  }

  /** Resolves when nothing is being fetched. */
  async stop(): Promise<void> {
    await this.#ahead?.stop();
  }

  /**
   * Reads an entry of the block. The bytes of an artifact are valid until the next call. The caller handles folders
   * (`FolderNote`).
   */
  take(index: number): PartItem {
    const entry = this.#block[index] as TreeEntry;
    const { path } = entry;
    if (this.#isExcluded(path)) return this.#skip('excluded', path);
    if (entry.kind === 'error') return this.#gap('unreadable', path, `cannot be read (${entry.code})`);
    if (entry.kind === 'repository') return { kind: 'note', note: { folder: path } satisfies FolderNote };
    if (entry.kind !== 'file') return this.#skip(entry.kind, path);
    const store = this.#storeOf(path);
    if (store !== undefined) return store;
    return this.#collected(path, this.#readTimed(this.#placeOf(entry)));
  }

  /** A bare repository among the files: its objects are compressed, so nothing of it is scanned here. */
  #storeOf(path: string): CollectedItem | undefined {
    const folder = folderOfHead(path);
    if (folder === undefined || !isStore(this.#prefix + folder)) return undefined;
    const what =
      'is a git repository without a work tree, whose history was not scanned; name it as git:<path> too, or --exclude it';
    return this.#gap('unsupported', folder, what);
  }

  #isExcluded(path: string): boolean {
    return this.#excludes?.(path) === true;
  }

  #wanted(entry: TreeEntry): Place | undefined {
    return entry.kind === 'file' && !this.#isExcluded(entry.path) ? this.#placeOf(entry) : undefined;
  }

  #placeOf({ path, raw }: Exclude<TreeEntry, { kind: 'error' }>): Place {
    return raw === undefined ? this.#prefix + path : joinBytes([Buffer.from(this.#tree.folder), raw]);
  }

  #readTimed(place: Place): FileRead {
    if (this.#clock === undefined || this.#ahead !== undefined) return this.#files.read(place);
    const begun = this.#clock();
    const read = this.#files.read(place);
    this.#watch.noteRead(this.#clock() - begun, read.state === 'read' ? read.bytes.length : 0);
    return read;
  }

  #collected(path: string, read: FileRead): PartItem {
    switch (read.state) {
      case 'read': {
        const origin = { collector: 'files', repository: this.#tree.name, present: true, path };
        const followed = followLfsPointer(read.bytes, this.#tree.store, path, this.#limit);
        if (followed !== undefined && 'gap' in followed) return { kind: 'gap', scope: this.#scope, gap: followed.gap };
        return { kind: 'artifact', scope: this.#scope, artifact: { origin, bytes: followed?.bytes ?? read.bytes } };
      }
      case 'too-large':
        return this.#gap(
          'too-large',
          path,
          `has ${read.size} bytes, more than ${this.#limit}; raise --max-file-size to scan it`,
        );
      case 'unreadable':
        return this.#gap('unreadable', path, `cannot be read (${read.code})`);
      case 'absent':
        this.#tookAll = false;
        return this.#skip('absent', path);
      case 'folder':
        return { kind: 'note', note: { folder: path } satisfies FolderNote };
      default:
        return this.#skip(read.state, path);
    }
  }

  #skip(reason: SkipReason, subject: string): CollectedItem {
    return { kind: 'skip', scope: this.#scope, skip: { reason, subject } };
  }

  #gap(reason: 'unreadable' | 'too-large' | 'unsupported', subject: string, what: string): CollectedItem {
    return { kind: 'gap', scope: this.#scope, gap: { reason, subject, message: `${subject} ${what}` } };
  }
}
