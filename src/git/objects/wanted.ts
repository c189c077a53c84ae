import { join } from 'node:path';
import { type ObjectPlace, type SingleObject, SingleReader } from '../pack/single-reader.ts';
import type { Git } from '../process/open.ts';
import type { Repository } from '../repository/repository.ts';
import { type ObjectAnswer, readObjects } from './cat-file.ts';

const ID = /^[0-9a-f]+$/;

/**
 * Reads a few objects, in order, as `readObjects` does. Objects in the repository's own object folder are read without
 * git. From the first one that cannot be read that way, git reads all that follow. Names of refs go to git, too.
 * @throws GitError where git cannot start or the run is cancelled
 */
export async function* readWanted(
  git: Git,
  { commonDirectory, width }: Pick<Repository, 'commonDirectory' | 'width'>,
  names: readonly string[],
  maxBytes: number,
): AsyncGenerator<ObjectAnswer> {
  const reader = openReader(join(commonDirectory, 'objects'), width, maxBytes);
  if (reader === undefined) return yield* readObjects(git, names, { maxBytes });
  try {
    const places = names.map((name) => findPlace(reader, name, width));
    const others = readObjects(
      git,
      names.filter((_, i) => places[i] === undefined),
      { maxBytes },
    );
    for (const [i, oid] of names.entries()) {
      const place = places[i];
      if (place === undefined) {
        const { value } = await others.next();
        if (value !== undefined) yield value;
        continue;
      }
      const object = tryRead(reader, place);
      if (object === undefined) {
        await others.return(undefined);
        return yield* readObjects(git, names.slice(i), { maxBytes });
      }
      yield { oid, ...object };
    }
    // This ends the process.
    await others.return(undefined);
  } finally {
    reader.close();
  }
}

function openReader(folder: string, width: number, maxBytes: number): SingleReader | undefined {
  try {
    return new SingleReader(folder, width, maxBytes);
  } catch {
    // Git reads it instead, or reports what is wrong with it.
    return undefined;
  }
}

function findPlace(reader: SingleReader, name: string, width: number): ObjectPlace | undefined {
  try {
    return name.length === 2 * width && ID.test(name) ? reader.find(name) : undefined;
  } catch {
    return undefined;
  }
}

function tryRead(reader: SingleReader, place: ObjectPlace): SingleObject | undefined {
  try {
    return reader.read(place);
  } catch {
    return undefined;
  }
}
