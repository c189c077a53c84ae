import type { CompiledRule, PostureRule } from '../model/rule.ts';

/** What a start needs of a rule; the rest is read when somebody asks for it. */
export type DetectionRow = Pick<CompiledRule, 'id' | 'confidence' | 'tags' | 'companions'> & {
  readonly paths?: NonNullable<CompiledRule['paths']>;
  readonly digest?: string;
  /** Which of the parts that a rule may lack it has. */
  readonly has: readonly ('context' | 'verifier' | 'overlaps')[];
  readonly length: number;
};

export type PostureRow = Pick<PostureRule, 'id' | 'confidence' | 'tags'> & { readonly length: number };

/**
 * A rule whose parts are read from the catalogue when one of them is asked for. All parts are the object's own, so a copy of it
 * (`{ ...rule }`) is whole. A test compares each with the rule that was written.
 */
export function lazyDetectionRule(row: DetectionRow, read: () => CompiledRule): CompiledRule {
  const body = once(read);
  const { id, confidence, tags, companions, paths, has } = row;
  const rule: CompiledRule = {
    id,
    confidence,
    tags,
    companions,
    get provider() {
      return body().provider;
    },
    get title() {
      return body().title;
    },
    get description() {
      return body().description;
    },
    get pattern() {
      return body().pattern;
    },
    get ignoreCase() {
      return body().ignoreCase;
    },
    get literals() {
      return body().literals;
    },
    get checks() {
      return body().checks;
    },
    get skipChecks() {
      return body().skipChecks;
    },
    get severity() {
      return body().severity;
    },
    get credential() {
      return body().credential;
    },
    get keys() {
      return body().keys;
    },
    get owasp() {
      return body().owasp;
    },
    get remediation() {
      return body().remediation;
    },
    get references() {
      return body().references;
    },
    get examples() {
      return body().examples;
    },
    get trusted() {
      return body().trusted;
    },
    get source() {
      return body().source;
    },
    ...(paths === undefined ? {} : { paths }),
  };
  for (const name of has) Object.defineProperty(rule, name, { enumerable: true, get: () => body()[name] });
  return Object.freeze(rule);
}

/** As `lazyDetectionRule`. */
export function lazyPostureRule(row: PostureRow, read: () => PostureRule): PostureRule {
  const body = once(read);
  const { id, confidence, tags } = row;
  return Object.freeze({
    id,
    confidence,
    tags,
    get title() {
      return body().title;
    },
    get types() {
      return body().types;
    },
    get when() {
      return body().when;
    },
    get severity() {
      return body().severity;
    },
    get owasp() {
      return body().owasp;
    },
    get message() {
      return body().message;
    },
    get why() {
      return body().why;
    },
    get remediation() {
      return body().remediation;
    },
    get references() {
      return body().references;
    },
    get examples() {
      return body().examples;
    },
    get source() {
      return body().source;
    },
  });
}

function once<T>(read: () => T): () => T {
  let value: T | undefined;
  return () => {
    value ??= read();
    return value;
  };
}
