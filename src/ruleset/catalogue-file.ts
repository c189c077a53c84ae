import type { CompiledRule, PostureRule, RuleCatalogue, RulePack } from '../model/rule.ts';
import { deepFreeze } from './catalogue.ts';
import { type DetectionRow, lazyDetectionRule, lazyPostureRule, type PostureRow } from './lazy-rule.ts';
import { selectRules } from './select.ts';

const LF = 10;

interface Index {
  readonly hash: string;
  /** Pack to the hash of the rules that it selects. */
  readonly packHashes: Readonly<Record<string, string>>;
  readonly packs: readonly RulePack[];
  readonly detection: readonly DetectionRow[];
  readonly posture: readonly PostureRow[];
}

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
  const index: Index = {
    hash,
    packHashes: Object.fromEntries(packs.map(({ id }) => [id, selectRules(stripped, { pack: id }).hash])),
    packs,
    detection: detection.map((rule, at) => rowOf(rule, lengthOf(at), digestOf?.(rule))),
    posture: posture.map(({ id, confidence, tags, types }, at) => {
      return { id, confidence, tags, types, length: lengthOf(detection.length + at) };
    }),
  };
  return `${[JSON.stringify(index), ...lines].join('\n')}\n`;
}

function rowOf(rule: CompiledRule, length: number, digest: string | undefined): DetectionRow {
  const { id, confidence, tags, companions, paths } = rule;
  const optional = { ...(paths === undefined ? {} : { paths }), ...(digest === undefined ? {} : { digest }) };
  return { id, confidence, tags, companions, length, ...optional };
}

/**
 * Reads what `serialiseCatalogue` wrote. The file is ours: it is not validated again. `late`: each rule is read when something of it is
 * asked for that a start does not need (see `lazyDetectionRule`).
 */
export function readCatalogue(file: Uint8Array, late = false): RuleCatalogue {
  const buffer = Buffer.from(file.buffer, file.byteOffset, file.length);
  const end = buffer.indexOf(LF);
  const { hash, packHashes, packs, detection, posture } = JSON.parse(buffer.toString('utf8', 0, end)) as Index;
  let at = end + 1;
  const next = <R>(length: number): (() => R) => {
    const start = at;
    at += length + 1;
    return () => deepFreeze(JSON.parse(buffer.toString('utf8', start, start + length)) as R);
  };
  const digests = new Map<CompiledRule, string>();
  const rules = detection.map((row) => {
    const read = next<CompiledRule>(row.length);
    const rule = late ? lazyDetectionRule(row, read) : read();
    if (row.digest !== undefined) digests.set(rule, row.digest);
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
