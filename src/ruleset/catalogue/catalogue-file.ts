import type { CompiledRule, PostureHead, PostureRule, RuleCatalogue, RuleHead, RulePack } from '../../model/rule.ts';
import { headOf, postureHeadOf } from '../../model/rule-head.ts';
import { deepFreeze } from './catalogue.ts';
import { selectRules } from './select.ts';

const LF = 10;

interface Index {
  readonly hash: string;
  /** Pack to the hash of the rules that it selects. */
  readonly packHashes: Readonly<Record<string, string>>;
  readonly packs: readonly RulePack[];
  /** Lists of tags and path filters of the rules, each once: a row has its number. */
  readonly tags: readonly CompiledRule['tags'][];
  readonly paths: readonly CompiledRule['paths'][];
  readonly detection: readonly WrittenRow[];
  readonly posture: readonly PostureRow[];
}

/** A posture rule's head, and the length of its line. */
type PostureRow = Omit<PostureHead, 'rule'> & { readonly length: number };

/**
 * Id, confidence, numbers of tags and paths (-1: none), length of the rule's line, digest, companions where it has
 * some.
 */
type WrittenRow = readonly [
  id: string,
  confidence: CompiledRule['confidence'],
  tags: number,
  paths: number,
  length: number,
  digest: string | 0,
  companions?: CompiledRule['companions'],
];

/**
 * The built file of the catalogue: a line of JSON with what every start needs, then a line for each rule. Examples are
 * left out: no scan reads them; `serialiseExamples` holds them. `digestOf`: what identifies a rule in a compiled pack.
 */
export function serialiseCatalogue(catalogue: RuleCatalogue, digestOf?: (rule: CompiledRule) => string): string {
  const detection = catalogue.detection.map((head) => ({ ...head.rule(), examples: { match: [], noMatch: [] } }));
  const posture = catalogue.posture.map((head) => ({
    ...head.rule(),
    examples: { fail: [], pass: [], notAssessed: [] },
  }));
  const heads = { detection: detection.map(headOf), posture: posture.map(postureHeadOf) };
  const stripped = { ...heads, packs: catalogue.packs ?? [], hash: catalogue.hash };
  const lines = [...detection, ...posture].map((rule) => JSON.stringify(rule));
  const lengthOf = (at: number): number => Buffer.byteLength(lines[at] ?? '');
  const { hash, packs = [] } = catalogue;
  const [tags, paths] = [new Numbered<CompiledRule['tags']>(), new Numbered<CompiledRule['paths']>()];
  const detectionRows = detection.map((rule, at): WrittenRow => {
    const { id, confidence, companions } = rule;
    const path = rule.paths === undefined ? -1 : paths.numberOf(rule.paths);
    const row = [id, confidence, tags.numberOf(rule.tags), path, lengthOf(at), digestOf?.(rule) ?? 0] as const;
    return companions.length === 0 ? row : [...row, companions];
  });
  const index: Index = {
    hash,
    packHashes: Object.fromEntries(packs.map(({ id }) => [id, selectRules(stripped, { pack: id }).hash])),
    packs,
    tags: tags.values,
    paths: paths.values,
    detection: detectionRows,
    posture: posture.map(({ id, confidence, tags, types }, at) => {
      return { id, confidence, tags, types, length: lengthOf(detection.length + at) };
    }),
  };
  return `${[JSON.stringify(index), ...lines].join('\n')}\n`;
}

/** Numbers values by their JSON. */
class Numbered<T> {
  readonly values: T[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(value: T): number {
    const key = JSON.stringify(value);
    const number = this.#numbers.get(key) ?? this.values.push(value) - 1;
    this.#numbers.set(key, number);
    return number;
  }
}

const NO_COMPANIONS: CompiledRule['companions'] = Object.freeze([]);

/**
 * Reads what `serialiseCatalogue` wrote. The file is ours: it is not validated again. A rule's line is parsed when the
 * rule is first asked for.
 */
export function readCatalogue(file: Uint8Array): RuleCatalogue {
  const buffer = Buffer.from(file.buffer, file.byteOffset, file.length);
  const end = buffer.indexOf(LF);
  const index = JSON.parse(buffer.toString('utf8', 0, end)) as Index;
  const { hash, packHashes, packs } = index;
  const lines = new Lines(buffer, end + 1);
  const detection = readHeads(index, lines);
  const posture = index.posture.map(({ length, ...head }) => ({ ...head, rule: lines.next<PostureRule>(length) }));
  return Object.freeze({
    detection: Object.freeze(detection),
    posture: deepFreeze(posture),
    packs: deepFreeze(packs),
    hash,
    packHashes: Object.freeze(packHashes),
  });
}

function readHeads(index: Index, lines: Lines): RuleHead[] {
  const [allTags, allPaths] = [deepFreeze(index.tags), deepFreeze(index.paths)];
  return index.detection.map(([id, confidence, tags, path, length, digest, companions = NO_COMPANIONS]) => {
    // One shape for all heads, so no field is left out: `paths` and `digest` may be undefined.
    const optional = { paths: allPaths[path], digest: digest === 0 ? undefined : digest } as Pick<RuleHead, 'paths'>;
    const rule = lines.next<CompiledRule>(length);
    return Object.freeze({ id, confidence, tags: allTags[tags] ?? [], companions, ...optional, rule });
  });
}

/** The lines of a catalogue, in order. */
class Lines {
  readonly #buffer: Buffer;
  #at: number;

  constructor(buffer: Buffer, at: number) {
    this.#buffer = buffer;
    this.#at = at;
  }

  /** Returns a function that parses the next line once. */
  next<R>(length: number): () => R {
    const start = this.#at;
    this.#at += length + 1;
    let parsed: R | undefined;
    return () => {
      parsed ??= deepFreeze(JSON.parse(this.#buffer.toString('utf8', start, start + length)) as R);
      return parsed;
    };
  }
}
