import type { CompiledRule, PostureRule } from '../model/rule.ts';
import { deepFreeze } from './catalogue.ts';

/** What a start needs of a rule; the rest is read when somebody asks for it. */
export type DetectionRow = Pick<CompiledRule, 'id' | 'confidence' | 'tags' | 'companions'> & {
  readonly paths?: NonNullable<CompiledRule['paths']>;
  readonly digest?: string;
  /** Which of the parts that a rule may lack it has. */
  readonly has: readonly ('context' | 'verifier' | 'overlaps')[];
  readonly length: number;
};

export type PostureRow = Pick<PostureRule, 'id' | 'confidence' | 'tags' | 'types'> & { readonly length: number };

/** Reads the whole of a rule that was made here. */
type Read = () => object;

/** Where a rule keeps how it is read: no part of the rule, and not in copies of it. */
const READ = Symbol('read');

interface Late {
  readonly [READ]: () => Readonly<Record<string, unknown>>;
}

/** The parts that every rule of a kind has, as properties that are read from the whole. */
const DETECTION_PARTS = lateParts([
  'provider',
  'title',
  'description',
  'pattern',
  'ignoreCase',
  'literals',
  'checks',
  'skipChecks',
  'severity',
  'credential',
  'keys',
  'owasp',
  'remediation',
  'references',
  'examples',
  'trusted',
  'source',
]);
const OPTIONAL_PARTS = lateParts(['context', 'verifier', 'overlaps']);
const POSTURE_PARTS = lateParts([
  'title',
  'when',
  'severity',
  'owasp',
  'message',
  'why',
  'remediation',
  'references',
  'examples',
  'source',
]);

/**
 * A rule whose parts are read from the catalogue when one of them is asked for. All parts are the object's own, so a copy of it
 * (`{ ...rule }`) is whole. A test compares each with the rule that was written. All rules share the functions that read: functions
 * for each would take a start 4 ms and 1 MB.
 */
export function lazyDetectionRule(row: DetectionRow, read: () => CompiledRule): CompiledRule {
  const { id, confidence, tags, companions, paths, has } = row;
  Object.freeze(tags);
  deepFreeze(companions);
  deepFreeze(paths);
  const known = { id, confidence, tags, companions, ...(paths === undefined ? {} : { paths }) };
  const optional = has.map((name) => [name, OPTIONAL_PARTS[name] as PropertyDescriptor] as const);
  return makeLate(known, read, DETECTION_PARTS, optional) as CompiledRule;
}

/** As `lazyDetectionRule`. The types are known: they tell which rules look at an identity. */
export function lazyPostureRule({ id, confidence, tags, types }: PostureRow, read: () => PostureRule): PostureRule {
  const known = { id, confidence, tags: Object.freeze(tags), types: Object.freeze(types) };
  return makeLate(known, read, POSTURE_PARTS, []) as PostureRule;
}

function makeLate(
  known: object,
  read: Read,
  parts: PropertyDescriptorMap,
  optional: readonly (readonly [name: string, part: PropertyDescriptor])[],
): object {
  Object.defineProperty(known, READ, { value: once(read) });
  Object.defineProperties(known, parts);
  for (const [name, part] of optional) Object.defineProperty(known, name, part);
  return Object.freeze(known);
}

function lateParts(names: readonly string[]): PropertyDescriptorMap {
  const parts: PropertyDescriptorMap = {};
  for (const name of names) {
    parts[name] = {
      enumerable: true,
      get(this: Late) {
        return this[READ]()[name];
      },
    };
  }
  return parts;
}

function once(read: Read): Read {
  let value: object | undefined;
  return () => {
    value ??= read();
    return value;
  };
}
