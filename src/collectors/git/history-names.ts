import { defined } from '../../lib/fields/defined.ts';
import type { Collected } from '../contract.ts';
import { type CommitText, headerNames, headersLeftOut, pathNames } from '../shared/names.ts';
import { type Credits, PARTS } from './credits.ts';
import { type HistoryFacts, hexOf, reachability } from './facts.ts';
import { MESSAGES } from './messages.ts';
import { HISTORY } from './names.ts';
import type { News } from './news.ts';

/**
 * Yields the names in a history: of files (all paths in HEAD, and the first path of each blob), of people, and other
 * texts in headers of commits and tags. Each is examined once.
 */
export function* namesOfHistory(
  facts: HistoryFacts,
  credits: Credits,
  further: readonly string[],
): Generator<Collected> {
  const { repository, paths } = facts;
  yield pathNames(HISTORY, paths, (path) => {
    const blob = facts.pathOf.indexOf(paths.indexOf(path));
    const commit = facts.commitOf[blob] ?? -1;
    return {
      collector: 'git',
      path,
      repository,
      ...(commit < 0 ? {} : { commit: hexOf(facts, commit) }),
      ...(blob < 0 ? {} : { ...reachability(facts, blob), present: facts.present[blob] === 1 }),
    };
  });
  const inHead = { collector: 'git', repository, reachable: true, present: true };
  yield pathNames(HISTORY, further, (path) => ({ ...inHead, path }));
  for (const part of PARTS) {
    const texts = [...credits.headers[part].keys()];
    const originOf = (at: number) => {
      const index = credits.headers[part].get(texts[at] ?? '') ?? -1;
      const commit = index < 0 ? {} : { commit: hexOf(facts, index), ...reachability(facts, index) };
      return { collector: 'git', path: '', part, repository, ...commit };
    };
    yield { kind: 'names', scope: MESSAGES, texts, originOf };
  }
  if (credits.leftOut > 0) yield headersLeftOut(MESSAGES, credits.leftOut);
}

/** Yields the names of what is new since an earlier run, and of all files of HEAD. */
export function* namesOfNews(
  repository: string,
  { head, further, objects }: News,
  headers: readonly CommitText[],
): Generator<Collected> {
  const commits = new Map<string, string>();
  for (const { path, commit } of objects) if (path !== undefined && path !== '') commits.set(path, commit);
  const present = new Set([...head.values(), ...further]);
  const origin = { collector: 'git', repository, reachable: true };
  yield pathNames(HISTORY, [...new Set([...commits.keys(), ...present])], (path) => {
    const commit = commits.get(path);
    return { ...origin, path, ...defined({ commit }), present: present.has(path) };
  });
  yield headerNames(MESSAGES, origin, headers);
}
