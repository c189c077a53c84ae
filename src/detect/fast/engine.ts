import type { Re2 } from '../../lib/linear/re2.ts';
import type { Artifact, ByteRange } from '../../model/artifact.ts';
import type { RuleHead } from '../../model/rule.ts';
import { HitList } from '../automaton/hits.ts';
import { createLaneScanner } from '../automaton/scan-lanes.ts';
import type { Scanner } from '../automaton/scanner.ts';
import type { Candidate } from '../contract.ts';
import { createPathFilters, type PathFilter } from '../path-filter.ts';
import { createWasmScanner } from '../wasm/scanner.ts';
import { ByteMatcher } from './byte-matcher.ts';
import { type Counters, CountingParts } from './counters.ts';
import { Gates } from './gates.ts';
import type { Guard } from './guard.ts';
import { groupsBefore, noteGroups } from './lineage.ts';
import type { Pack, PackedRule } from './pack.ts';
import { Prefilter } from './prefilter.ts';
import { createRegionFinder, type RegionFinder } from './regions.ts';
import { StartCollector } from './starts.ts';
import { RuleRunner, runWhole, WindowRun } from './windows.ts';

/** A pack at work: its automaton and those of its rules that take part. */
export interface Engine {
  scan(artifact: Artifact): Candidate[];
  /** Memory that is scanned without a copy. */
  readonly room: Uint8Array | undefined;
  /** The rules of its pack that take part. */
  readonly rules: readonly PackedRule[];
}

/** How an engine is set up. */
export interface EngineOptions {
  readonly guard: Guard;
  /** False: the automaton runs in TypeScript. */
  readonly wasm: boolean;
  /** Rules that nobody vetted run on it. */
  readonly re2?: Re2;
  /** Where the work is counted, by rule. */
  readonly counters?: Counters;
}

interface Active {
  readonly runner: RuleRunner;
  readonly accepts: PathFilter;
}

/** The rules of a pack that take part, each made when it is first asked for: most have nothing to do in a commit. */
class ActiveRules {
  readonly #pack: Pack;
  readonly #rules: ReadonlyMap<string, RuleHead>;
  readonly #createRunner: (head: RuleHead, packed: PackedRule) => RuleRunner;
  readonly #filterOf = createPathFilters();
  /** By the rule's number in the pack. */
  readonly #made: (Active | undefined)[] = [];

  constructor(
    pack: Pack,
    rules: ReadonlyMap<string, RuleHead>,
    createRunner: (head: RuleHead, packed: PackedRule) => RuleRunner,
  ) {
    this.#pack = pack;
    this.#rules = rules;
    this.#createRunner = createRunner;
    this.#made.length = pack.rules.length;
    this.#made.fill(undefined);
  }

  /** Undefined where the rule does not take part. */
  at(number: number): Active | undefined {
    return this.#made[number] ?? this.#make(number);
  }

  #make(number: number): Active | undefined {
    const packed = this.#pack.rules[number];
    const head = packed && this.#rules.get(packed.id);
    if (packed === undefined || head === undefined) return undefined;
    const active = { runner: this.#createRunner(head, packed), accepts: this.#filterOf(head) };
    this.#made[number] = active;
    return active;
  }
}

interface Parts {
  readonly pack: Pack;
  readonly scanner: Scanner;
  readonly findRegions: RegionFinder;
  readonly rules: ActiveRules;
  /** Numbers of the rules that run on every text. */
  readonly always: readonly number[];
  readonly hits: HitList;
  readonly starts: StartCollector;
  readonly gates: Gates;
  readonly prefilter: Prefilter;
  readonly guard: Guard;
  readonly counting?: CountingParts;
}

/** Sets a pack to work for some of its rules (by id; their digests must be those of the pack). */
export function createEngine(pack: Pack, rules: ReadonlyMap<string, RuleHead>, options: EngineOptions): Engine {
  const gates = new Gates(pack);
  const { counters } = options;
  const counting = counters && new CountingParts(pack, gates, counters);
  const { re2 } = options;
  const shared = { matcher: new ByteMatcher(pack), gates, sets: pack.sets, ...(re2 && { re2 }) };
  const createRunner = (head: RuleHead, packed: PackedRule): RuleRunner =>
    counting?.createRunner(head, packed) ?? new RuleRunner(head, packed, shared);
  const always = pack.rules.flatMap(({ id, mode }, index) => (mode === 'always' && rules.has(id) ? [index] : []));
  const parts: Parts = {
    pack,
    scanner: new GrowingScanner(pack, options.wasm),
    findRegions: lazyRegionFinder(pack),
    rules: new ActiveRules(pack, rules, createRunner),
    always,
    hits: new HitList(),
    starts: counting?.starts ?? new StartCollector(pack.rules.length),
    gates,
    prefilter: counting?.prefilter ?? new Prefilter(pack, gates),
    guard: options.guard,
    ...(counting && { counting }),
  };
  return {
    scan: (artifact) => scanArtifact(parts, artifact),
    get rules() {
      return pack.rules.filter(({ id }) => rules.has(id));
    },
    get room() {
      return parts.scanner.room;
    },
  };
}

/**
 * Texts of a commit are scanned in TypeScript, because setting up WebAssembly takes as long as scanning some files. It
 * is set up when more than that comes, or when somebody asks for its memory.
 */
class GrowingScanner implements Scanner {
  readonly #pack: Pack;
  readonly #wasm: boolean;
  readonly #first: Scanner;
  #grown: Scanner | undefined;
  #scanned = 0;

  constructor(pack: Pack, wasm: boolean) {
    this.#pack = pack;
    this.#wasm = wasm;
    this.#first = createLaneScanner(pack.automaton);
  }

  get room(): Uint8Array | undefined {
    return this.#grow().room;
  }

  scan(bytes: Uint8Array, from: number, to: number, hits: HitList): void {
    this.#scanned += to - from;
    const scanner = this.#grown ?? (this.#scanned > FEW_BYTES ? this.#grow() : this.#first);
    scanner.scan(bytes, from, to, hits);
  }

  #grow(): Scanner {
    this.#grown ??= createScanner(this.#pack, this.#wasm);
    return this.#grown;
  }
}

/** Bytes that are scanned before WebAssembly is set up. */
const FEW_BYTES = 64 * 1024;

function createScanner(pack: Pack, wasm: boolean): Scanner {
  if (!wasm) return createLaneScanner(pack.automaton);
  try {
    return createWasmScanner(pack.automaton);
  } catch {
    // No WebAssembly, or no address space for its memory: the same automaton runs in TypeScript, a little slower.
    return createLaneScanner(pack.automaton);
  }
}

/** Whole texts need no regions. */
function lazyRegionFinder(pack: Pack): RegionFinder {
  let find: RegionFinder | undefined;
  return (bytes, ranges, groups) => {
    find ??= createRegionFinder(pack);
    return find(bytes, ranges, groups);
  };
}

/** Changed texts up to this size are searched whole, bytes: that is faster than building the tables for regions. */
const SEARCHED_WHOLE = 32 * 1024;

function chooseRegions({ findRegions }: Parts, artifact: Artifact): readonly ByteRange[] {
  const { bytes, ranges, lineage } = artifact;
  const isSmall = lineage === undefined && bytes.length <= SEARCHED_WHOLE;
  if (ranges === undefined || isSmall) return [{ start: 0, end: bytes.length }];
  return findRegions(bytes, ranges, groupsBefore(artifact));
}

function scanArtifact(parts: Parts, artifact: Artifact): Candidate[] {
  const { scanner, hits, starts } = parts;
  const { bytes } = artifact;
  hits.clear();
  starts.clear();
  const regions = chooseRegions(parts, artifact);
  for (const { start, end } of regions) scanner.scan(bytes, start, end, hits);
  parts.counting?.countRegions(regions);
  const accepts = (rule: number): boolean => parts.rules.at(rule)?.accepts(artifact.origin.path) === true;
  noteGroups(artifact, parts.prefilter.collect(bytes, hits, accepts, starts, artifact.lineage !== undefined));
  const { touched } = starts;
  if (touched.length === 0 && parts.always.length === 0) return [];
  const text = new Text(bytes);
  return [...new Set([...touched, ...parts.always])].flatMap((rule) => {
    const work = (): readonly Candidate[] => runRule(parts, rule, artifact, text);
    return parts.counting === undefined ? work() : parts.counting.time(rule, work);
  });
}

/** The text of one artifact as buffer and as string, made when it is asked for. */
class Text {
  readonly buffer: Buffer;
  #whole: string | undefined;

  constructor(bytes: Uint8Array) {
    this.buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get whole(): string {
    this.#whole ??= this.buffer.toString('latin1', 0, this.buffer.length);
    return this.#whole;
  }
}

function runRule(parts: Parts, number: number, artifact: Artifact, text: Text): readonly Candidate[] {
  const active = parts.rules.at(number);
  if (!active?.accepts(artifact.origin.path)) return [];
  const { runner } = active;
  const work = (): readonly Candidate[] => {
    if (runner.packed.mode !== 'window') return runWhole(runner, text.whole);
    const all = parts.starts.spansOf(number, text.buffer.length);
    // A program asks the gate itself.
    const isNarrow = runner.packed.program !== undefined && !runner.isOnRe2;
    const spans = isNarrow ? all : parts.gates.narrow(runner.packed.gate, artifact.bytes, all);
    const complete = runner.packed.complete && artifact.ranges === undefined;
    return new WindowRun(runner, text.buffer).run(spans, complete);
  };
  if (runner.rule.trusted || runner.isOnRe2) return work();
  return parts.guard.run(runner.rule.id, artifact.origin.path, work, () => runner.goLinear()) ?? [];
}
