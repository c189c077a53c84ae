import type { CompiledRule, PostureRule } from '../model/rule.ts';

/** What a start needs of a rule, frozen; the rest is read when somebody asks for it. */
export type DetectionRow = Pick<CompiledRule, 'id' | 'confidence' | 'tags' | 'companions'> & {
  readonly paths: CompiledRule['paths'];
};

export type PostureRow = Pick<PostureRule, 'id' | 'confidence' | 'tags' | 'types'> & { readonly length: number };

/** Where a rule keeps how it is read: no part of the rule. */
const READ = Symbol('read');

/** A rule whose parts are read when one of them is asked for. */
interface Late {
  [READ]: () => object;
}

const DETECTION = latePrototype([
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
  'context',
  'verifier',
  'overlaps',
]);
const POSTURE = latePrototype([
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
 * A rule whose parts are read from the catalogue when one of them is asked for. The parts are its prototype's: to give each rule
 * properties of its own takes a start 3 ms. So a copy (`{ ...rule }`) is not whole: rules that are handed out are read at once. As JSON
 * it is whole. A test compares each part with the rule that was written.
 */
export function lazyDetectionRule(row: DetectionRow, read: () => CompiledRule): CompiledRule {
  const rule = Object.create(DETECTION) as { -readonly [K in keyof DetectionRow]: DetectionRow[K] } & Late;
  rule[READ] = once(read);
  rule.id = row.id;
  rule.confidence = row.confidence;
  rule.tags = row.tags;
  rule.companions = row.companions;
  rule.paths = row.paths;
  return Object.freeze(rule) as unknown as CompiledRule;
}

/** Whether parts of a rule are read when they are asked for: a copy of it, or what another thread gets of it, is not whole. */
export function isLate(rule: object): boolean {
  return READ in rule;
}

/** As `lazyDetectionRule`. The types are known: they tell which rules look at an identity. */
export function lazyPostureRule(row: PostureRow, read: () => PostureRule): PostureRule {
  const rule = Object.create(POSTURE) as { -readonly [K in keyof PostureRow]: PostureRow[K] } & Late;
  rule[READ] = once(read);
  rule.id = row.id;
  rule.confidence = row.confidence;
  rule.tags = Object.freeze(row.tags);
  rule.types = Object.freeze(row.types);
  return Object.freeze(rule) as unknown as PostureRule;
}

/** What rules of a kind share: a way to each part, and to the whole for who writes it as JSON. */
function latePrototype(names: readonly string[]): object {
  const parts: PropertyDescriptorMap = {
    toJSON: {
      value(this: Late) {
        return wholeOf(this);
      },
    },
  };
  for (const name of names) {
    parts[name] = {
      get(this: Late) {
        return wholeOf(this)[name];
      },
    };
  }
  return Object.create(Object.prototype, parts) as object;
}

function wholeOf(rule: Late): Readonly<Record<string, unknown>> {
  return rule[READ]() as Readonly<Record<string, unknown>>;
}

function once(read: () => object): () => object {
  let value: object | undefined;
  return () => {
    value ??= read();
    return value;
  };
}
