import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, parse, relative, resolve } from 'node:path';
import { HERE, isWithin } from '../system.ts';

/** Links that are followed one after the other, as many as Linux follows. */
const MOST_LINKS = 40;

/**
 * Why a file is not to be written: a folder above it is a symbolic link that lies in one of `roots`, the folders that a
 * scanned repository fills, and leads wherever its author likes. Says what to write instead. Undefined where the way is
 * free: links elsewhere are the user's own. The file itself may be a link: `writeWhole` replaces it.
 * @param file absolute
 * @param roots absolute; the root of the file system and folders that are not there count for nothing
 */
export function explainLinkAbove(file: string, roots: readonly string[]): string | undefined {
  const real = roots.flatMap((root) => realFolder(root)).filter((root) => dirname(root) !== root);
  const link = findLink(dirname(file), real);
  if (link === undefined) return undefined;
  const [place] = realFolder(dirname(file));
  const own = place === undefined ? '' : `, or ${join(place, basename(file))} if the link is yours`;
  return `the folder ${link} is a symbolic link in what is scanned, and nothing is written through it. Name a folder that is no link${own}.`;
}

function realFolder(folder: string): readonly string[] {
  try {
    return [realpathSync(folder)];
  } catch {
    return [];
  }
}

/** The first link on the way to a folder that lies in a root. Links that lie elsewhere are followed by hand. */
function findLink(folder: string, roots: readonly string[]): string | undefined {
  let place = parse(folder).root;
  const names = namesOf(folder);
  let followed = 0;
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    const next = resolve(place, name);
    const target = linkTarget(next);
    if (target === undefined) {
      place = next;
      continue;
    }
    followed += 1;
    if (followed > MOST_LINKS || roots.some((root) => isWithin(place, root))) return next;
    const goal = resolve(place, target);
    names.unshift(...namesOf(goal));
    place = parse(goal).root;
  }
  return undefined;
}

function namesOf(folder: string): string[] {
  return relative(parse(folder).root, folder)
    .split(HERE.separator)
    .filter((name) => name !== '');
}

/** Undefined for what is no link, or not there. */
function linkTarget(path: string): string | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true ? readlinkSync(path) : undefined;
  } catch {
    return undefined;
  }
}
