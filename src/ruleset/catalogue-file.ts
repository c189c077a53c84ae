import type { CompiledRule, PostureRule, RuleCatalogue, RulePack } from '../model/rule.ts';
import { deepFreeze } from './catalogue.ts';
import { lazyDetectionRule, lazyPostureRule, type PostureRow } from './lazy-rule.ts';
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

/** Id, confidence, numbers of tags and paths (-1: none), length of the rule's line, digest, companions where it has some. */
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
 * The built file of the catalogue: a line of JSON with what every start needs, then a line for each rule. Examples are left
 * out: no scan reads them; `serialiseExamples` holds them. `digestOf`: what identifies a rule in a compiled pack.
 */
export function serialiseCatalogue(catalogue: RuleCatalogue, digestOf?: (rule: CompiledRule) => string): string {
  const detection = catalogue.detection.map((rule) => ({ ...rule, examples: { match: [], noMatch: [] } }));
  const posture = catalogue.posture.map((rule) => ({ ...rule, examples: { fail: [], pass: [], notAssessed: [] } }));
  const stripped = { detection, posture, packs: catalogue.packs ?? [], hash: catalogue.hash };
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
 * Reads what `serialiseCatalogue` wrote. The file is ours: it is not validated again. `late`: each rule is read when something of it is
 * asked for that a start does not need (see `lazyDetectionRule`).
 */
export function readCatalogue(file: Uint8Array, late = false): RuleCatalogue {
  const buffer = Buffer.from(file.buffer, file.byteOffset, file.length);
  const end = buffer.indexOf(LF);
  const index = JSON.parse(buffer.toString('utf8', 0, end)) as Index;
  const { hash, packHashes, packs, detection, posture } = index;
  const [allTags, allPaths] = [deepFreeze(index.tags), deepFreeze(index.paths)];
  let at = end + 1;
  const next = <R>(length: number): (() => R) => {
    const start = at;
    at += length + 1;
    return () => deepFreeze(JSON.parse(buffer.toString('utf8', start, start + length)) as R);
  };
  const digests = new Map<CompiledRule, string>();
  const rules = detection.map(([id, confidence, tags, path, length, digest, companions]) => {
    const read = next<CompiledRule>(length);
    const row = {
      id,
      confidence,
      tags: allTags[tags] ?? [],
      companions: companions === undefined ? NO_COMPANIONS : deepFreeze(companions),
      paths: allPaths[path],
    };
    const rule = late ? lazyDetectionRule(row, read) : read();
    if (digest !== 0) digests.set(rule, digest);
    return rule;
  });
  const postureRules = posture.map((row) => {
    const read = next<PostureRule>(row.length);
    return late ? lazyPostureRule(row, read) : read();
  });
  return Object.freeze({
    detection: Object.freeze(rules),
    posture: Object.freeze(postureRules),
    packs: deepFreeze(packs),
    hash,
    packHashes: Object.freeze(packHashes),
    digests,
  });
}
