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
import { addKnownGaps, collectKnownGaps, type KnownGap } from './known-gaps.ts';
import { groupPlaces, type Likeness, restorePlaces } from './places.ts';
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

/** A target of which only the new is read, where its state allows it. */
interface Increment {
  readonly target: Target;
  readonly file: string;
  readonly state?: State;
  /** Why everything is read; absent where nothing stands against reading only the new. */
  problem?: string;
}

/** The incremental targets of a run. */
export class Increments {
  readonly #setup: IncrementSetup;
  readonly #list: readonly Increment[];
  readonly #notes: string[] = [];
  /** What is known of the match at a place of the states, and what that became in this run. */
  readonly #groups = new Map<Location, PlaceGroup>();
  readonly #recalled = new Map<Match, KnownMatch>();

  constructor(setup: IncrementSetup, list: readonly Increment[]) {
    this.#setup = setup;
    this.#list = list;
    for (const { state } of list) for (const group of state?.groups ?? []) this.#groups.set(group.at, group);
  }

  /** What the states tell of artifacts and declarations. */
  get memory(): Memory {
    return { recall: this.#recall, recallDeclared: this.#recallDeclared };
  }

  /**
   * What is known of all places of an artifact that is given again, without scanning it; undefined where it has to be
   * scanned.
   */
  readonly #recall: Recall = (artifact, again) => {
    const matches: ConfirmedMatch[] = [];
    for (const place of again) {
      const { rule, known } = this.#groups.get(place.at) ?? {};
      if (rule === undefined || known === undefined) return undefined;
      const one = recallMatch(artifact, place, { rule, known }, this.#setup.fingerprint);
      if (one === undefined) return undefined;
      this.#recalled.set(one.match, known);
      matches.push(one);
    }
    return matches;
  };

  /** What an earlier run knew of a target. Undefined: the target is not read incrementally. */
  earlier(target: Target): Earlier | undefined {
    const one = this.#list.find((increment) => increment.target === target);
    if (one === undefined) return undefined;
    if (one.state === undefined || one.problem !== undefined) return { places: [], copies: [] };
    const { checkpoint, scanned: date, groups } = one.state;
    return { checkpoint, date, places: groups.map(({ at }) => at), copies: groups.flatMap(({ copies }) => copies) };
  }

  /** Reads, and puts what earlier runs found beside what is new. Reads everything where the two do not fit. */
  async gather(read: () => Promise<Gathered>): Promise<Gathered> {
    return this.#resume(await read()) ?? this.#resume(await read()) ?? read();
  }

  /** What files of a target declared, where they are the same as when the state was written. */
  readonly #recallDeclared: RecallDeclared = (target, { collector, repository, files }) => {
    const { state, problem } = this.#list.find((increment) => increment.target === target) ?? {};
    if (problem !== undefined) return undefined;
    const same = (one: Declared): boolean =>
      one.collector === collector && one.repository === repository && one.files === files;
    return state?.declared?.find(same)?.items;
  };

  /** Leaves the states for the next run, and says of each finding whether the earlier runs had it as well. */
  remember(harvest: Harvest, findings: readonly Finding[], mask: StateMask): Remembered {
    this.#save(harvest, findings, mask);
    return { findings: this.#mark(findings), notes: this.#notes };
  }

  #mark(findings: readonly Finding[]): readonly Finding[] {
    const states = this.#list.flatMap(({ state }) => (state === undefined ? [] : [state]));
    if (states.length === 0 || states.length < this.#list.length) return findings;
    const known = new Set(states.flatMap((state) => state.findings));
    return findings.map((finding) => ({ ...finding, isNew: !known.has(finding.id) }));
  }

  /** Leaves a state where this run read everything that it planned, or can name what it did not. */
  #save(harvested: Harvest, findings: readonly Finding[], { mask, holdsSecret }: StateMask): void {
    const ids = findings.map((finding) => finding.id);
    for (const one of this.#list) {
      const read = harvested.reads.get(one.target.address.text);
      this.#describe(one, read?.checkpoint, findings);
      const gaps = this.#setup.isInterrupted()
        ? 'the run was interrupted'
        : (secretNames(harvested, read) ?? collectKnownGaps(one.target, harvested.coverage));
      if (read?.checkpoint === undefined || typeof gaps === 'string') {
        this.#note(one, `no state was written (${typeof gaps === 'string' ? gaps : 'the target could not be read'})`);
        continue;
      }
      if (isKept(one, read.checkpoint, ids, gaps)) continue;
      const { settings, started, likeness } = this.#setup;
      const groups = groupPlaces(harvested.matches.slice(read.from, read.to), likeness, this.#remember).map(
        maskGroup(mask),
      );
      const { checkpoint } = read.checkpoint;
      const left = gaps.length === 0 ? {} : { gaps: gaps.map(maskGap(mask)) };
      const clean = read.declared.filter((declared) => isFrom(one, declared) || !holdsSecret(declared));
      const declared = clean.length === 0 ? {} : { declared: clean };
      const state = {
        settings,
        scanned: started.toISOString(),
        checkpoint,
        findings: ids,
        groups,
        ...left,
        ...declared,
      };
      const failure = writeState(one.file, state);
      if (failure !== '') {
        this.#note(one, `the state ${one.file} could not be written (${failure}), so the next run reads everything`);
      }
    }
  }

  readonly #remember = (one: ConfirmedMatch): KnownMatch | undefined =>
    this.#recalled.get(one.match) ?? rememberMatch(one, this.#setup.fingerprint);

  /** Undefined where a target has to be read again as a whole. */
  #resume({ harvest, notes }: Gathered): Gathered | undefined {
    const matches: ConfirmedMatch[] = [];
    let { coverage } = harvest;
    const reads = new Map<string, TargetRead>();
    for (const [text, read] of harvest.reads) {
      const one = this.#list.find(({ target }) => target.address.text === text);
      const restored = this.#restore(one, harvest.matches.slice(read.from, read.to), read.checkpoint);
      if (restored === undefined) return undefined;
      const from = matches.length;
      for (const match of restored) matches.push(match);
      reads.set(text, { ...read, from, to: matches.length });
      const gaps = read.checkpoint?.news === undefined ? [] : (one?.state?.gaps ?? []);
      if (one !== undefined && gaps.length > 0) coverage = addKnownGaps(one.target, coverage, gaps);
    }
    return { harvest: { ...harvest, matches, reads, coverage }, notes };
  }

  #restore(
    one: Increment | undefined,
    matches: readonly ConfirmedMatch[],
    checkpoint: Checkpoint | undefined,
  ): readonly ConfirmedMatch[] | undefined {
    if (one?.state === undefined || checkpoint?.news === undefined) return matches;
    const restored = restorePlaces(matches, one.state.groups, checkpoint, this.#setup.likeness);
    if (restored === undefined) one.problem = 'a secret was not found again at its place';
    return restored;
  }

  #describe(one: Increment, checkpoint: Checkpoint | undefined, findings: readonly Finding[]): void {
    const problem = one.problem ?? checkpoint?.full;
    if (problem !== undefined) {
      this.#note(one, `everything was scanned, because ${problem}`);
      return;
    }
    if (checkpoint?.news === undefined || one.state === undefined) return;
    const { scanned, findings: earlier, gaps = [] } = one.state;
    const missed = gaps.length === 0 ? '' : `; what it could not read was not tried again: ${gaps.length} in the gaps`;
    const known = new Set(earlier);
    const fresh = findings.filter((finding) => !known.has(finding.id)).length;
    const old = findings.length - fresh;
    this.#note(
      one,
      `${checkpoint.news} since the scan of ${scanned}. What that scan read with the same rules was not read again; ` +
        `its findings were, where they were found, and are listed: ${old} known, ${fresh} new${missed}`,
    );
  }

  #note({ target }: Increment, text: string): void {
    this.#notes.push(`${target.address.text}: ${text}`);
  }
}

/**
 * Opens the states of a run's targets. Throws `UsageError` where no target, or more than the state is for, can be read
 * so.
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
  const own = (): Promise<string | undefined> | undefined =>
    target.collector.stateFile?.(setup.contextOf(target), target.address);
  const file = named === undefined ? await own() : resolve(setup.cwd, named);
  if (file === undefined) return { target, file: '', problem: 'it is no repository' };
  return { target, file, ...readState(file, setup.settings) };
}

/** Names are in no object that a later run could read again, and a state holds no secret to look for. */
function secretNames({ matches }: Harvest, read: TargetRead | undefined): string | undefined {
  const parts = matches.slice(read?.from ?? 0, read?.to ?? 0).map(({ match }) => match.location.part ?? 'content');
  const isName = parts.some((part) => part === 'file-name' || part === 'person' || part === 'header');
  return isName ? 'names of files or people hold secrets, which only a scan of everything finds again' : undefined;
}

/** Whether that is what the state says. */
function isFrom({ state }: Increment, { items }: Declared): boolean {
  return state?.declared?.some((known) => known.items === items) === true;
}

/** Whether the state that is there says all that a new one would. */
function isKept(
  { state, problem }: Increment,
  { checkpoint, news }: Checkpoint,
  ids: readonly string[],
  gaps: readonly KnownGap[],
): boolean {
  if (state === undefined || problem !== undefined || news === undefined) return false;
  // All that were known are among them.
  if (gaps.length !== (state.gaps?.length ?? 0)) return false;
  const known = new Set(state.findings);
  if (known.size !== new Set(ids).size || !ids.every((id) => known.has(id))) return false;
  return JSON.stringify(checkpoint) === JSON.stringify(state.checkpoint);
}

/** File names and names of people can hold secrets, too. */
function maskGroup(mask: (text: string) => string): (group: PlaceGroup) => PlaceGroup {
  const maskPlace = (place: Location): Location => {
    const path = mask(place.path);
    const author = place.author === undefined ? undefined : mask(place.author);
    if (path === place.path && author === place.author) return place;
    return { ...place, path, ...defined({ author }) };
  };
  return ({ rule, at, copies, known }) => ({
    rule,
    at: maskPlace(at),
    copies: copies.map(maskPlace),
    ...(known === undefined || hasMasked(known, mask) ? {} : { known }),
  });
}

/** Whether a text below a value holds a secret. */
function hasMasked(value: unknown, mask: (text: string) => string): boolean {
  if (typeof value === 'string') return mask(value) !== value;
  return typeof value === 'object' && value !== null && Object.values(value).some((part) => hasMasked(part, mask));
}

function maskGap(mask: (text: string) => string): (known: KnownGap) => KnownGap {
  return ({ scope, gap }) => ({ scope, gap: { ...gap, subject: mask(gap.subject), message: mask(gap.message) } });
}
