import { resolve } from 'node:path';
import type { Checkpoint, Earlier } from '../../../collectors/abilities.ts';
import type { CollectContext } from '../../../collectors/contract.ts';
import type { ConfirmedMatch } from '../../../detect/confirm.ts';
import { defined } from '../../../lib/fields/defined.ts';
import { UsageError } from '../../../model/errors.ts';
import type { Finding } from '../../../model/finding.ts';
import type { Location } from '../../../model/location.ts';
import type { Match } from '../../../model/match.ts';
import type { ScanOptions, Target } from '../../plan/contract.ts';
import type {
  Declared,
  Gathered,
  Harvest,
  Memory,
  Recall,
  RecallDeclared,
  Remembered,
  StateMask,
  TargetRead,
} from '../contract.ts';
import { addKnownGaps, collectKnownGaps, isTriedAgain, type KnownGap } from './known-gaps.ts';
import { maskGap, maskGroup } from './mask-state.ts';
import { groupPlaces, type Likeness, MOST_PLACES, restorePlaces } from './places.ts';
import { type Fingerprint, type KnownMatch, recallMatch, rememberMatch } from './recall.ts';
import { type PlaceGroup, readState, type State, writeState } from './state.ts';

/** What an incremental run needs to know of the run that it is part of. */
export interface IncrementSetup {
  readonly cwd: string;
  readonly started: Date;
  /** Hash of what decides the result. */
  readonly settings: string;
  readonly likeness: Likeness;
  readonly fingerprint: Fingerprint;
  readonly contextOf: (target: Target) => CollectContext;
  readonly isInterrupted: () => boolean;
}

/** A target of which the run reads only what is new, where the state allows it. */
interface Increment {
  readonly target: Target;
  readonly file: string;
  readonly state?: State;
  /** Why the run reads everything; absent where it may read only what is new. */
  problem?: string;
}

/** The incremental targets of a run. */
export class Increments {
  readonly #setup: IncrementSetup;
  readonly #list: readonly Increment[];
  readonly #notes: string[] = [];
  /** Groups of the states by the place of their witness, and the matches that this run recalled from them. */
  readonly #groups = new Map<Location, PlaceGroup>();
  readonly #recalled = new Map<Match, KnownMatch>();

  constructor(setup: IncrementSetup, list: readonly Increment[]) {
    this.#setup = setup;
    this.#list = list;
    for (const { state } of list) for (const group of state?.groups ?? []) this.#groups.set(group.at, group);
  }

  /** Answers about artifacts and declarations that earlier runs have judged. */
  get memory(): Memory {
    return { recall: this.#recall, recallDeclared: this.#recallDeclared };
  }

  /**
   * Returns the earlier matches at all places of an artifact without scanning it; undefined where it has to be scanned.
   */
  readonly #recall: Recall = (artifact, places) => {
    const matches: ConfirmedMatch[] = [];
    for (const place of places) {
      const { rule, known } = this.#groups.get(place.at) ?? {};
      if (rule === undefined || known === undefined) return undefined;
      const confirmed = recallMatch(artifact, place, { rule, known }, this.#setup.fingerprint);
      if (confirmed === undefined) return undefined;
      this.#recalled.set(confirmed.match, known);
      matches.push(confirmed);
    }
    return matches;
  };

  /** Returns what an earlier run found in a target; undefined where the target is not read incrementally. */
  earlier(target: Target): Earlier | undefined {
    const increment = this.#list.find((candidate) => candidate.target === target);
    if (increment === undefined) return undefined;
    if (increment.state === undefined || increment.problem !== undefined)
      return { places: [], copies: [], missing: [] };
    const { checkpoint, scanned: date, groups, gaps = [] } = increment.state;
    const places = groups.map(({ at }) => at);
    const missing = gaps.flatMap(({ gap: { blob, subject: path, commit } }) =>
      blob === undefined ? [] : [{ blob, path, ...defined({ commit }) }],
    );
    return { checkpoint, date, places, copies: groups.flatMap(({ copies }) => copies), missing };
  }

  /** Reads what is new and adds what earlier runs found. Reads everything where the two do not fit. */
  async gather(read: () => Promise<Gathered>): Promise<Gathered> {
    return this.#resume(await read()) ?? this.#resume(await read()) ?? read();
  }

  /** Returns what files of a target declared, where they are the same as when the state was written. */
  readonly #recallDeclared: RecallDeclared = (target, { collector, repository, files }) => {
    const { state, problem } = this.#list.find((increment) => increment.target === target) ?? {};
    if (problem !== undefined) return undefined;
    const same = (declared: Declared): boolean =>
      declared.collector === collector && declared.repository === repository && declared.files === files;
    return state?.declared?.find(same)?.items;
  };

  /** Writes the states for the next run, and marks each finding that no earlier run had as new. */
  remember(harvest: Harvest, findings: readonly Finding[], mask: StateMask): Remembered {
    this.#save(harvest, findings, mask);
    return { findings: this.#mark(findings), notes: this.#notes };
  }

  #mark(findings: readonly Finding[]): readonly Finding[] {
    const states = this.#list.flatMap(({ state }) => (state === undefined ? [] : [state]));
    if (states.length === 0 || states.length < this.#list.length) return findings;
    const earlierIds = new Set(states.flatMap((state) => state.findings));
    return findings.map((finding) => ({ ...finding, isNew: !earlierIds.has(finding.id) }));
  }

  /** Writes a state where this run read everything that it planned, or can name what it did not read. */
  #save(harvested: Harvest, findings: readonly Finding[], { mask, holdsSecret }: StateMask): void {
    const ids = findings.map((finding) => finding.id);
    for (const increment of this.#list) {
      const read = harvested.reads.get(increment.target.address.text);
      this.#describe(increment, read?.checkpoint, findings);
      const gaps = this.#setup.isInterrupted()
        ? 'the run was interrupted'
        : (secretNames(harvested, read) ?? collectKnownGaps(increment.target, harvested.coverage));
      if (read?.checkpoint === undefined || typeof gaps === 'string') {
        this.#note(
          increment,
          `no state was written (${typeof gaps === 'string' ? gaps : 'the target could not be read'})`,
        );
        continue;
      }
      if (isKept(increment, read.checkpoint, ids, gaps)) continue;
      const { settings, started, likeness } = this.#setup;
      const places = groupPlaces(harvested.matches.slice(read.from, read.to), likeness, this.#remember);
      if (places === undefined) {
        this.#note(increment, `no state was written (a secret has more than ${MOST_PLACES} places)`);
        continue;
      }
      const groups = places.map(maskGroup(mask));
      const { checkpoint } = read.checkpoint;
      const unread = gaps.length === 0 ? {} : { gaps: gaps.map(maskGap(mask)) };
      const clean = read.declared.filter((declared) => isFrom(increment, declared) || !holdsSecret(declared));
      const declared = clean.length === 0 ? {} : { declared: clean };
      const scanned = started.toISOString();
      const state = { settings, scanned, checkpoint, findings: ids, groups, ...unread, ...declared };
      const failure = writeState(increment.file, state);
      if (failure !== '') {
        this.#note(
          increment,
          `the state ${increment.file} could not be written (${failure}), so the next run reads everything`,
        );
      }
    }
  }

  readonly #remember = (confirmed: ConfirmedMatch): KnownMatch | undefined =>
    this.#recalled.get(confirmed.match) ?? rememberMatch(confirmed, this.#setup.fingerprint);

  /** Adds the findings of earlier runs. Returns undefined where a target has to be read again as a whole. */
  #resume({ harvest, notes }: Gathered): Gathered | undefined {
    const matches: ConfirmedMatch[] = [];
    let { coverage } = harvest;
    const reads = new Map<string, TargetRead>();
    for (const [text, read] of harvest.reads) {
      const increment = this.#list.find(({ target }) => target.address.text === text);
      const restored = this.#restore(increment, harvest.matches.slice(read.from, read.to), read.checkpoint);
      if (restored === undefined) return undefined;
      const from = matches.length;
      for (const match of restored) matches.push(match);
      reads.set(text, { ...read, from, to: matches.length });
      const earlier = read.checkpoint?.news === undefined ? [] : (increment?.state?.gaps ?? []);
      const gaps = earlier.filter((gap) => !isTriedAgain(gap));
      if (increment !== undefined && gaps.length > 0) coverage = addKnownGaps(increment.target, coverage, gaps);
    }
    return { harvest: { ...harvest, matches, reads, coverage }, notes };
  }

  #restore(
    increment: Increment | undefined,
    matches: readonly ConfirmedMatch[],
    checkpoint: Checkpoint | undefined,
  ): readonly ConfirmedMatch[] | undefined {
    if (increment?.state === undefined || checkpoint?.news === undefined) return matches;
    const restored = restorePlaces(matches, increment.state.groups, checkpoint, this.#setup.likeness);
    if (restored === undefined) increment.problem = 'a secret was not found again at its place';
    return restored;
  }

  #describe(increment: Increment, checkpoint: Checkpoint | undefined, findings: readonly Finding[]): void {
    const problem = increment.problem ?? checkpoint?.full;
    if (problem !== undefined) {
      this.#note(increment, `everything was scanned, because ${problem}`);
      return;
    }
    if (checkpoint?.news === undefined || increment.state === undefined) return;
    const { scanned, findings: earlier } = increment.state;
    const gaps = (increment.state.gaps ?? []).filter((gap) => !isTriedAgain(gap));
    const missed = gaps.length === 0 ? '' : `; what it could not read was not tried again: ${gaps.length} in the gaps`;
    const earlierIds = new Set(earlier);
    const newCount = findings.filter((finding) => !earlierIds.has(finding.id)).length;
    const oldCount = findings.length - newCount;
    this.#note(
      increment,
      `${checkpoint.news} since the scan of ${scanned}. What that scan read with the same rules was not read again; ` +
        `its findings were, where they were found, and are listed: ${oldCount} known, ${newCount} new${missed}`,
    );
  }

  #note({ target }: Increment, text: string): void {
    this.#notes.push(`${target.address.text}: ${text}`);
  }
}

/**
 * Opens the states of a run's targets. Throws `UsageError` where no target is a history, or where one state file is
 * named for several.
 */
export async function openIncrements(
  options: Pick<ScanOptions, 'state' | 'occurrences'>,
  targets: readonly Target[],
  setup: IncrementSetup,
): Promise<Increments> {
  if (options.occurrences === 'all') {
    throw new UsageError(
      '--occurrences all reads the whole history, so it cannot be incremental: take one of both out.',
    );
  }
  const able = targets.filter(({ collector }) => collector.stateFile !== undefined);
  if (able.length === 0) throw new UsageError('--incremental needs a git history to read: name git:<folder>.');
  if (options.state !== undefined && able.length > 1) {
    const names = able.map(({ address }) => address.text).join(', ');
    throw new UsageError(`--state is for one history, and there are ${able.length} (${names}). Use --incremental.`);
  }
  return new Increments(setup, await Promise.all(able.map((target) => openIncrement(target, options.state, setup))));
}

async function openIncrement(target: Target, named: string | undefined, setup: IncrementSetup): Promise<Increment> {
  const defaultFile = (): Promise<string | undefined> | undefined =>
    target.collector.stateFile?.(setup.contextOf(target), target.address);
  const file = named === undefined ? await defaultFile() : resolve(setup.cwd, named);
  if (file === undefined) return { target, file: '', problem: 'it is no repository' };
  return { target, file, ...readState(file, setup.settings) };
}

/** Names are in no object that a later run could read again, and a state holds no secret to look for. */
function secretNames({ matches }: Harvest, read: TargetRead | undefined): string | undefined {
  const parts = matches.slice(read?.from ?? 0, read?.to ?? 0).map(({ match }) => match.location.part ?? 'content');
  const isName = parts.some((part) => part === 'file-name' || part === 'person' || part === 'header');
  return isName ? 'names of files or people hold secrets, which only a scan of everything finds again' : undefined;
}

/** Whether the state holds exactly these declarations already. */
function isFrom({ state }: Increment, { items }: Declared): boolean {
  return state?.declared?.some((declared) => declared.items === items) === true;
}

/** Whether the state on disk says all that a new one would. */
function isKept(
  { state, problem }: Increment,
  { checkpoint, news }: Checkpoint,
  ids: readonly string[],
  gaps: readonly KnownGap[],
): boolean {
  if (state === undefined || problem !== undefined || news === undefined) return false;
  // Known gaps are among the gaps, unless what was missing came: equal numbers at one checkpoint mean equal gaps.
  if (gaps.length !== (state.gaps?.length ?? 0)) return false;
  const earlierIds = new Set(state.findings);
  if (earlierIds.size !== new Set(ids).size || !ids.every((id) => earlierIds.has(id))) return false;
  return JSON.stringify(checkpoint) === JSON.stringify(state.checkpoint);
}
