import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sharedBytes, sharedIntegers } from '../../lib/bytes/shared-array.ts';
import { readLinkedFile } from '../../lib/files/tree-file.ts';
import { TYPE_CODE, typesOf } from '../objects/list-objects.ts';
import { OidTable } from '../objects/oid-table.ts';
import type { Git } from '../process/open.ts';
import type { Repository } from '../repository/repository.ts';
import { buildForest, type Forest } from './forest.ts';
import { PackError } from './pack-error.ts';
import { PackFile } from './pack-file.ts';
import { parsePackIndex } from './pack-index.ts';
import type { Pack, ReadablePack } from './walk-pack.ts';

const MAX_INDEX = 1 << 30;
const MAX_ALTERNATES = 64 * 1024;

/** A pack whose objects have numbers in the table of the store. The table also has their ids. */
export interface StorePack extends ReadablePack {
  readonly forest: Forest;
  /** Number in the table by place in the pack. */
  readonly numbers: Int32Array;
}

/** All objects of a repository with an object folder of its own: packed and loose ones. */
export interface Store {
  readonly table: OidTable;
  /** Type code by number. 0 for what neither this reader nor git can tell. */
  readonly types: Uint8Array;
  readonly packs: readonly StorePack[];
  /** Numbers of the objects that git must not be asked for, because it would never answer. */
  readonly looped: ReadonlySet<number>;
  /** One sentence about what nobody can read. Empty where all can be read. */
  readonly complaint: string;
  close(): void;
}

/**
 * Opens the packs of a repository and lists its loose objects.
 * @throws PackError with the reason where only git can read this store
 */
export async function openStore(git: Git, repository: Repository): Promise<Store> {
  const objects = join(repository.commonDirectory, 'objects');
  refuseUnusual(git, objects);
  const packs = openPacks(join(objects, 'pack'), repository.width);
  try {
    const expected = packs.reduce((sum, pack) => sum + pack.index.count, 0);
    const table = new OidTable(repository.width, expected);
    const numbered = packs.map((pack) => numberObjects(table, pack));
    addLoose(table, objects);
    const looped = findLooped(numbered);
    const types = await resolveTypes(git, table, numbered, looped);
    const complaint = complainOfBare(join(objects, 'pack'));
    return { table, types, packs: numbered, looped, complaint, close: () => closeAll(numbered) };
  } catch (error) {
    closeAll(packs);
    throw error;
  }
}

function refuseUnusual(git: Git, objects: string): void {
  if (borrows(join(objects, 'info', 'alternates'))) throw new PackError('it borrows objects');
  if (git.env['GIT_OBJECT_DIRECTORY'] || git.env['GIT_ALTERNATE_OBJECT_DIRECTORIES']) {
    throw new PackError('its objects are elsewhere');
  }
}

/** A list of other stores that cannot be read here (too long, a pipe) is left to git, too. */
function borrows(alternates: string): boolean {
  const read = readLinkedFile(alternates, MAX_ALTERNATES);
  return read.state === 'read' ? read.bytes.toString('latin1').trim() !== '' : read.state !== 'absent';
}

function openPacks(folder: string, width: number): Pack[] {
  const { names, indexed, bare } = listPacks(folder);
  if (bare.length > 0 && names.includes('multi-pack-index')) throw new PackError('a pack has no index of its own');
  const packs: Pack[] = [];
  try {
    for (const name of indexed) packs.push(openPack(join(folder, name), width));
    return packs;
  } catch (error) {
    closeAll(packs);
    throw error instanceof PackError ? error : new PackError(`a pack cannot be opened (${messageOf(error)})`);
  }
}

/** Lists the names in the pack folder, and those of packs with and without an index (without their endings). */
function listPacks(folder: string): Record<'names' | 'indexed' | 'bare', readonly string[]> {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const ending = (end: string) => names.filter((name) => name.endsWith(end)).map((name) => name.slice(0, -end.length));
  const indexed = ending('.idx').sort();
  const withIndex = new Set(indexed);
  return { names, indexed, bare: ending('.pack').filter((name) => !withIndex.has(name)) };
}

/** Names packs without an index: neither git nor this reader sees their objects. */
function complainOfBare(folder: string): string {
  const [first, ...more] = listPacks(folder).bare;
  if (first === undefined) return '';
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  return `the pack ${first}.pack${others} has no index: make one with "git index-pack", or delete the pack`;
}

function openPack(path: string, width: number): Pack {
  const read = readLinkedFile(`${path}.idx`, MAX_INDEX);
  if (read.state === 'too-large') throw new PackError('a pack index is over 1 GiB');
  if (read.state !== 'read') throw new PackError('a pack index cannot be read');
  const index = parsePackIndex(read.bytes, width);
  const file = new PackFile(`${path}.pack`, { count: index.count, checksum: index.packChecksum });
  try {
    return { file, index, forest: buildForest(file, index) };
  } catch (error) {
    file.close();
    throw error;
  }
}

/** From here on the ids are in the table. The file that they were read from is dropped. */
function numberObjects(table: OidTable, { file, forest, index }: Pack): StorePack {
  const { count, width, offsets, ids, idAt } = index;
  const numbers = sharedIntegers(count);
  for (let place = 0; place < count; place += 1) numbers[place] = table.add(ids, (idAt[place] as number) * width);
  return { file, forest, index: { count, width, offsets }, numbers };
}

function addLoose(table: OidTable, objects: string): void {
  const digits = table.width * 2;
  for (const folder of readdirSync(objects).filter((name) => /^[0-9a-f]{2}$/.test(name))) {
    for (const name of readdirSync(join(objects, folder))) {
      if (name.length === digits - 2) table.addHex(Buffer.from(folder + name, 'latin1'), 0);
    }
  }
}

function findLooped(packs: readonly StorePack[]): Set<number> {
  const looped = new Set<number>();
  for (const { forest, numbers } of packs) {
    for (let place = 0; place < numbers.length; place += 1) {
      if (forest.looped[place] === 1) looped.add(numbers[place] as number);
    }
  }
  return looped;
}

/** Takes types from the packs. Git is asked for loose objects, and for what this reader cannot make out. */
async function resolveTypes(
  git: Git,
  table: OidTable,
  packs: readonly StorePack[],
  looped: ReadonlySet<number>,
): Promise<Uint8Array> {
  const types = sharedBytes(table.size);
  for (const { forest, numbers } of packs) {
    for (let place = 0; place < numbers.length; place += 1) {
      const number = numbers[place] as number;
      types[number] ||= forest.type[place] as number;
    }
  }
  const open: number[] = [];
  for (let number = 0; number < types.length; number += 1) {
    if (types[number] === TYPE_CODE.unreadable && !looped.has(number)) open.push(number);
  }
  const objectTypes = await typesOf(
    git,
    open.map((number) => table.hex(number)),
  );
  for (const [i, number] of open.entries()) types[number] = objectTypes[i] ?? TYPE_CODE.unreadable;
  return types;
}

function closeAll(packs: readonly Pick<Pack, 'file'>[]): void {
  for (const pack of packs) pack.file.close();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
