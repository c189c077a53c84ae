import type { Re2 } from '../lib/linear/re2.ts';
import type { Artifact } from '../model/artifact.ts';
import type { CompiledRule, RuleHead } from '../model/rule.ts';
import { readRules } from '../model/rule-head.ts';
import type { Detector } from './contract.ts';
import type { Counters } from './fast/counters.ts';
import { createEngine, type Engine } from './fast/engine.ts';
import { createGuard } from './fast/guard.ts';
import { digestRule, type Pack } from './fast/pack.ts';
import { compareCandidates, touchesRanges } from './semantics.ts';

// The door to the machinery: `analyse/` (patterns to literals, gates and programs), `automaton/` and `wasm/` (the
// search for literals), `fast/` (the engine). Who wants to know what a rule finds reads `reference.ts` and can stop
// here.

/** Time that one unvetted rule may take on one text, milliseconds. */
const RULE_LIMIT = 1000;

/**
 * Bits of chance that a rule needs to be sure of what it finds in random bytes: a thousand such rules fire by chance
 * once in 280 GB. Every built-in rule of a provider has more (a test says so); what goes by words does not.
 */
export const SURE_BITS = 48;

/** How the fast detector is made. */
export interface FastOptions {
  /** Rules analysed at build time. Rules that are not in it, or that changed since, are analysed now. */
  readonly pack?: Pack;
  /** Analyses the rules that the pack lacks; default: now, in this thread. */
  readonly compile?: (rules: readonly CompiledRule[]) => Promise<Pack>;
  /** False: no WebAssembly. */
  readonly wasm?: boolean;
  /** The package re2, where it is installed: rules of the user run on it. */
  readonly re2?: Re2;
  /** Milliseconds that one unvetted rule may take on one text. */
  readonly ruleLimit?: number;
  /** Counts the work of each rule. */
  readonly counters?: Counters;
}

/**
 * The detector that scans: literals first, then patterns on small windows. It finds what the reference detector finds.
 * Throws `SyntaxError` for a rule whose pattern cannot be read.
 */
export async function createFastDetector(rules: readonly RuleHead[], options: FastOptions = {}): Promise<Detector> {
  const guard = createGuard(options.ruleLimit ?? RULE_LIMIT);
  const wasm = options.wasm ?? true;
  const { re2 } = options;
  const setup = { guard, wasm, ...(re2 && { re2 }), ...(options.counters && { counters: options.counters }) };
  const { packed, others } = divide(rules, options);
  const engines: Engine[] = [];
  if (options.pack !== undefined && packed.size > 0) engines.push(createEngine(options.pack, packed, setup));
  if (others.length > 0) {
    const { compile = compileNow } = options;
    const byId = new Map(others.map((head) => [head.id, head]));
    engines.push(createEngine(await compile(readRules(others)), byId, setup));
  }
  let chances: Map<string, number> | undefined;
  return {
    get room() {
      return engines[0]?.room;
    },
    scan: (artifact) =>
      engines
        .flatMap((engine, index) => engine.scan(index === 0 ? artifact : withoutLineage(artifact)))
        .filter((candidate) => touchesRanges(candidate.match, artifact.ranges))
        .sort(compareCandidates),
    firesByChance: (rule) => {
      chances ??= new Map(engines.flatMap(({ rules: some }) => some.map(({ id, chance }) => [id, chance])));
      return (chances.get(rule.id) ?? 0) < SURE_BITS;
    },
    takeGaps: () => guard.takeGaps(),
  };
}

/** Analyses rules. The code for it is loaded lazily, because runs without user rules do not need it. */
export async function compileNow(rules: readonly CompiledRule[]): Promise<Pack> {
  const { compilePack } = await import('./fast/compile-pack.ts');
  return compilePack(rules);
}

/** The notes of a lineage belong to the first engine: another engine has other rules. */
function withoutLineage({ origin, bytes, derivation, ranges }: Artifact): Artifact {
  return { origin, bytes, derivation, ranges, lineage: undefined };
}

interface Division {
  readonly packed: ReadonlyMap<string, RuleHead>;
  readonly others: readonly RuleHead[];
}

function divide(heads: readonly RuleHead[], { pack }: FastOptions): Division {
  const digests = new Map(pack?.rules.map((rule) => [rule.id, rule.digest]));
  const packed = new Map<string, RuleHead>();
  const others: RuleHead[] = [];
  for (const head of heads) {
    const digest = head.digest ?? digestRule(head.rule());
    if (digests.get(head.id) === digest && !packed.has(head.id)) packed.set(head.id, head);
    else others.push(head);
  }
  return { packed, others };
}
