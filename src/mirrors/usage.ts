import {
  appendFileSync,
  closeSync,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { OPEN_FLAGS } from '../lib/files/tree-file.ts';
import { tryLock } from './lock.ts';
import { NAME_ON_DISK } from './names.ts';
import { lockFile, mirrorFolder, type Room } from './room.ts';
import { folderBytes } from './size.ts';

/** Lines that say nothing new are thrown away when there are this many more than mirrors. */
const SPARE_LINES = 2_000;
const PIECE = 1 << 20;

/** What is known of a mirror without looking at it. */
export interface Use {
  readonly bytes: number;
  /** When it was scanned last, or cloned. */
  readonly scanned: number;
}

/**
 * Size and last scan of every mirror, in a file that all processes of the cache only append to. Each process reads what
 * is new in it, so a question costs the same however many mirrors there are. A lost line costs a wrong guess until the
 * next refresh of that mirror, and nothing else.
 */
export class Usage {
  readonly #room: Room;
  #uses = new Map<string, Use>();
  #inode = -1;
  #offset = 0;
  #lines = 0;
  #rest = '';

  constructor(room: Room) {
    this.#room = room;
  }

  /** Every mirror. */
  all(): ReadonlyMap<string, Use> {
    this.#catchUp();
    return this.#uses;
  }

  note(name: string, change: Partial<Use>): void {
    const use = { bytes: 0, scanned: 0, ...this.all().get(name), ...change };
    this.#append(`${JSON.stringify([name, use.bytes, use.scanned])}\n`);
  }

  noteGone(name: string): void {
    this.#append(`${JSON.stringify([name])}\n`);
  }

  #append(line: string): void {
    try {
      appendFileSync(this.#room.usage, line, { mode: 0o600 });
    } catch {
      // The disk is full: see above for what a lost line costs.
    }
  }

  #catchUp(): void {
    const { usage } = this.#room;
    const stat = statSync(usage, { throwIfNoEntry: false });
    if (stat !== undefined && stat.ino === this.#inode && stat.size >= this.#offset) {
      this.#readOn();
      return;
    }
    this.#uses = new Map();
    [this.#inode, this.#offset, this.#lines, this.#rest] = [stat?.ino ?? -1, 0, 0, ''];
    if (stat !== undefined) this.#readOn();
    this.#compareWithDisk();
    if (this.#lines > this.#uses.size + SPARE_LINES) this.#shorten();
  }

  #readOn(): void {
    const file = openSync(this.#room.usage, OPEN_FLAGS);
    try {
      const end = fstatSync(file).size;
      while (this.#offset < end) {
        const piece = Buffer.alloc(Math.min(PIECE, end - this.#offset));
        const count = readSync(file, piece, 0, piece.length, this.#offset);
        if (count === 0) return;
        this.#offset += count;
        this.#take(piece.toString('latin1', 0, count));
      }
    } finally {
      closeSync(file);
    }
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    // A line without an end is nothing that this class writes.
    if (this.#rest.length > PIECE) this.#rest = '';
    for (const line of lines) {
      this.#lines += 1;
      const [name, use] = parse(line) ?? [];
      if (name === undefined) continue;
      if (use === undefined) this.#uses.delete(name);
      else this.#uses.set(name, use);
    }
  }

  /** Once for each process: mirrors that the file does not know are measured, and what is not there is forgotten. */
  #compareWithDisk(): void {
    const there = new Set(readdirSync(this.#room.mirrors).filter((name) => NAME_ON_DISK.test(name)));
    for (const name of this.#uses.keys()) if (!there.has(name)) this.#uses.delete(name);
    for (const name of there) {
      if (this.#uses.has(name)) continue;
      const use = { bytes: folderBytes(mirrorFolder(this.#room, name)), scanned: 0 };
      this.#uses.set(name, use);
      this.#append(`${JSON.stringify([name, use.bytes, use.scanned])}\n`);
    }
  }

  #shorten(): void {
    const lock = tryLock(lockFile(this.#room, 'usage'), this.#room.world);
    if (lock === undefined) return;
    const draft = `${this.#room.usage}.${this.#room.world.unique()}`;
    try {
      const lines = [...this.#uses].map(([name, use]) => `${JSON.stringify([name, use.bytes, use.scanned])}\n`);
      writeFileSync(draft, lines.join(''), { mode: 0o600 });
      renameSync(draft, this.#room.usage);
      const { ino, size } = statSync(this.#room.usage);
      [this.#inode, this.#offset, this.#lines, this.#rest] = [ino, size, this.#uses.size, ''];
    } finally {
      lock.release();
    }
  }
}

/** A name and its use, or a name alone where the mirror is gone. Undefined for what is neither. */
function parse(line: string): [name: string, use?: Use] | undefined {
  try {
    const [name, bytes, scanned] = JSON.parse(line) as [unknown, unknown, unknown];
    if (typeof name !== 'string' || !NAME_ON_DISK.test(name)) return undefined;
    if (bytes === undefined) return [name];
    return isCount(bytes) && isCount(scanned) ? [name, { bytes, scanned }] : undefined;
  } catch {
    return undefined;
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
