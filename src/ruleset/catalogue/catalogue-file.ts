import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { CompiledRule, PostureRule, RuleCatalogue, RuleHead, RulePack } from '../../model/rule.ts';
import { headOf, postureHeadOf } from '../../model/rule-head.ts';
import { deepFreeze } from './catalogue.ts';
import { selectRules } from './select.ts';

const LF = 10;
/** More than what every start needs takes today. A longer index is read in more steps. */
const USUAL_INDEX = 64 * 1024;

interface Index {
  readonly hash: string;
  /** Pack to the hash of the rules that it selects. */
  readonly packHashes: Readonly<Record<string, string>>;
  readonly packs: readonly RulePack[];
  /** Lists of tags, path filters and types of the rules, each once: a row has its number. */
  readonly tags: readonly CompiledRule['tags'][];
  readonly paths: readonly CompiledRule['paths'][];
  readonly types: readonly PostureRule['types'][];
  readonly detection: readonly WrittenRow[];
  readonly posture: readonly PostureRow[];
}

/** Of a posture rule: id, confidence, numbers of tags and types, and the length of its line. */
type PostureRow = readonly [
  id: string,
  confidence: PostureRule['confidence'],
  tags: number,
  types: number,
  length: number,
];

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
  const types = new Numbered<PostureRule['types']>();
  const detectionRows = detection.map((rule, at): WrittenRow => {
    const { id, confidence, companions } = rule;
    const path = rule.paths === undefined ? -1 : paths.numberOf(rule.paths);
    const row = [id, confidence, tags.numberOf(rule.tags), path, lengthOf(at), digestOf?.(rule) ?? 0] as const;
    return companions.length === 0 ? row : [...row, companions];
  });
  const postureRows = posture.map((rule, at): PostureRow => {
    const length = lengthOf(detection.length + at);
    return [rule.id, rule.confidence, tags.numberOf(rule.tags), types.numberOf(rule.types), length];
  });
  const index: Index = {
    hash,
    packHashes: Object.fromEntries(packs.map(({ id }) => [id, selectRules(stripped, { pack: id }).hash])),
    packs,
    tags: tags.values,
    paths: paths.values,
    types: types.values,
    detection: detectionRows,
    posture: postureRows,
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
  return fromIndex(buffer, new Lines((start, end) => buffer.subarray(start, end)));
}

const files = new FinalizationRegistry<{ opened: number | undefined }>((file) => {
  if (file.opened !== undefined) closeSync(file.opened);
});

/** Lines that are read one by one: a commit asks for a handful. Whoever wants more gets the whole file. */
const FEW_LINES = 16;

/**
 * As `readCatalogue`, of a file. The index alone is read at once. The file stays open until many rules have been asked
 * for or the last head is garbage, so that an update of the program in between changes nothing.
 */
export function openCatalogue(path: string): RuleCatalogue {
  const opened = openSync(path, 'r');
  const file: { opened: number | undefined } = { opened };
  let [asked, whole]: [number, Buffer | undefined] = [0, undefined];
  const lines = new Lines((start, end) => {
    asked += 1;
    if (asked <= FEW_LINES) return readRange(opened, start, end);
    if (whole === undefined) {
      whole = readRange(opened, 0, fstatSync(opened).size);
      closeSync(opened);
      file.opened = undefined;
    }
    return whole.subarray(start, end);
  });
  files.register(lines, file);
  return fromIndex(readIndex(opened), lines);
}

/** The first bytes of a file, with the whole index. */
function readIndex(opened: number): Buffer {
  for (let size = USUAL_INDEX; ; size *= 2) {
    const start = readRange(opened, 0, size);
    if (start.length < size || start.includes(LF)) return start;
  }
}

function readRange(opened: number, start: number, end: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(end - start);
  let length = 0;
  for (let read = -1; read !== 0 && length < bytes.length; length += read) {
    read = readSync(opened, bytes, length, bytes.length - length, start + length);
  }
  return bytes.subarray(0, length);
}

function fromIndex(start: Buffer, lines: Lines): RuleCatalogue {
  const end = start.indexOf(LF);
  const index = JSON.parse(start.toString('utf8', 0, end)) as Index;
  lines.begin(end + 1);
  const [tags, types] = [deepFreeze(index.tags), deepFreeze(index.types)];
  return Object.freeze({
    detection: Object.freeze(readHeads(index, tags, lines)),
    posture: Object.freeze(
      index.posture.map(([id, confidence, tag, type, length]) =>
        Object.freeze({
          id,
          confidence,
          tags: tags[tag] ?? [],
          types: types[type] ?? [],
          rule: lines.next<PostureRule>(length),
        }),
      ),
    ),
    packs: deepFreeze(index.packs),
    hash: index.hash,
    packHashes: Object.freeze(index.packHashes),
  });
}

function readHeads(index: Index, allTags: Index['tags'], lines: Lines): RuleHead[] {
  const allPaths = deepFreeze(index.paths);
  return index.detection.map(([id, confidence, tags, path, length, digest, companions = NO_COMPANIONS]) => {
    // One shape for all heads, so no field is left out: `paths` and `digest` may be undefined.
    const optional = { paths: allPaths[path], digest: digest === 0 ? undefined : digest } as Pick<RuleHead, 'paths'>;
    const rule = lines.next<CompiledRule>(length);
    return Object.freeze({ id, confidence, tags: allTags[tags] ?? [], companions, ...optional, rule });
  });
}

/** The lines of a catalogue, in order. Each head holds it. */
class Lines {
  readonly #read: (start: number, end: number) => Buffer;
  #at = 0;

  /** `read` returns the bytes of a line. */
  constructor(read: (start: number, end: number) => Buffer) {
    this.#read = read;
  }

  /** Sets where the first line starts. */
  begin(at: number): void {
    this.#at = at;
  }

  /** Returns a function that parses the next line once. */
  next<R>(length: number): () => R {
    const start = this.#at;
    this.#at += length + 1;
    let parsed: R | undefined;
    return () => {
      parsed ??= deepFreeze(JSON.parse(this.#read(start, start + length).toString('utf8')) as R);
      return parsed;
    };
  }
}
