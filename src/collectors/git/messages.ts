import { parseAnnotation } from '../../lib/git/commit.ts';
import { TYPE_CODE } from '../../lib/git/list-objects.ts';
import { indexesOf } from '../../lib/git/object-source.ts';
import type { Origin } from '../../model/artifact.ts';
import type { Collected } from '../contract.ts';
import { objectGap } from '../shared/git-blobs.ts';
import type { History } from './model.ts';

const SCOPE = 'messages';

/** Author's name and date of a commit. */
export interface Credit {
  readonly author?: string;
  readonly date?: string;
}

/**
 * Messages of all commits and annotated tags. Gives who wrote which commit, by number, for the blobs that follow. A commit
 * message has no path; the path of a tag message is the tag's ref.
 */
export async function* collectMessages(history: History): AsyncGenerator<Collected, ReadonlyMap<number, Credit>> {
  const { source, context } = history;
  const credits = new Map<number, Credit>();
  const names = new Map<string, string>();
  const count = indexesOf(source.types, [TYPE_CODE.commit, TYPE_CODE.tag]).length;
  yield { kind: 'plan', scope: SCOPE, unit: 'messages', count };
  for await (const answer of source.readAnnotations(context.limits.fileBytes)) {
    const { index } = answer;
    const oid = source.table.hex(index);
    if ('failure' in answer) {
      const gap = objectGap({ ...answer, oid }, `commit or tag ${oid.slice(0, 12)}`, context.limits.fileBytes);
      yield { kind: 'gap', scope: SCOPE, gap };
      continue;
    }
    const note = parseAnnotation(Buffer.from(answer.bytes.buffer, answer.bytes.byteOffset, answer.bytes.length));
    const author = interned(names, note.author);
    const credit: Credit = {
      ...(author === '' ? {} : { author }),
      ...(note.date === undefined ? {} : { date: note.date }),
    };
    const isTag = source.types[index] === TYPE_CODE.tag;
    if (!isTag) credits.set(index, credit);
    if (note.message.length === 0) {
      yield { kind: 'skip', scope: SCOPE, skip: { reason: 'empty', subject: oid } };
      continue;
    }
    const origin: Origin = {
      collector: 'git',
      path: isTag ? `refs/tags/${note.tag ?? oid}` : '',
      part: isTag ? 'tag-message' : 'commit-message',
      repository: history.repository.name,
      commit: isTag ? (note.target ?? oid) : oid,
      ...credit,
      ...reachability(history, index),
    };
    yield { kind: 'artifact', scope: SCOPE, artifact: { origin, bytes: note.message } };
  }
  return credits;
}

/** Whether refs reach an object; nothing where a failed walk cannot tell. */
export function reachability(history: History, index: number): { readonly reachable?: boolean } {
  if (history.attribution.reached[index] === 1) return { reachable: true };
  return history.walkComplete ? { reachable: false } : {};
}

/** One string for every author, not one for every commit. */
function interned(names: Map<string, string>, name: string): string {
  const known = names.get(name);
  if (known !== undefined) return known;
  names.set(name, name);
  return name;
}
