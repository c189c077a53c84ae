/** A JSON Schema (draft-07) node. */
export type SchemaNode = Readonly<Record<string, unknown>>;

/** Longest distance of a context word from the secret, in bytes. */
export const CONTEXT_MOST = 200;
export const CONTEXT_BEFORE = 40;

const ID = '^[a-z0-9]+(-[a-z0-9]+)*$';
const GROUP = '^[A-Za-z_][A-Za-z0-9_]*$';

const text = (description: string): SchemaNode => ({ type: 'string', minLength: 1, maxLength: 10_000, description });
const id = (description: string): SchemaNode => ({ type: 'string', pattern: ID, maxLength: 80, description });
const choice = (values: readonly string[], description: string): SchemaNode => ({ enum: values, description });
const list = (items: SchemaNode, description: string): SchemaNode => ({
  type: 'array',
  items,
  maxItems: 500,
  description,
});
const reference = (name: string): SchemaNode => ({ $ref: `#/definitions/${name}` });

function object(
  properties: Readonly<Record<string, SchemaNode>>,
  required: readonly string[],
  more?: SchemaNode,
): SchemaNode {
  return { type: 'object', properties, required, additionalProperties: false, ...more };
}

/** `if`, `then` and `else`: messages name the real problem, where `oneOf` would list every branch. */
function branch(test: SchemaNode, then: SchemaNode, otherwise: SchemaNode): SchemaNode {
  return Object.fromEntries([
    ['if', test],
    ['then', then],
    ['else', otherwise],
  ]);
}

/** A string, or an object of one shape. */
function stringOr(other: SchemaNode, description: string): SchemaNode {
  const string = { type: 'string', minLength: 1, maxLength: 10_000 };
  return { ...branch({ type: 'object' }, other, string), description };
}

const CONFIDENCE = choice(['high', 'medium', 'low'], 'How sure a match is to be a real secret of this kind.');
const SEVERITY = choice(['critical', 'high', 'medium', 'low', 'none'], 'How bad it is when the finding is true.');
const OWASP = list({ type: 'string', pattern: '^NHI([1-9]|10)$' }, 'Entries of the OWASP NHI top ten: NHI1 to NHI10.');
const REFERENCES = list({ type: 'string', pattern: '^https://' }, 'Pages that a reader may open: https addresses.');
const TAGS = list(id('One word or words with hyphens.'), 'Words that packs select by.');

const EXAMPLE = stringOr(
  object(
    {
      text: text('The text, a template; `{secret}` stands for the secret.'),
      secret: text('The secret, a template.'),
      path: text('Path of the file that the text stands in.'),
    },
    ['text'],
  ),
  'A template: the whole text, whose secret is the whole; or text, secret and path.',
);

const DETECTION_RULE = object(
  {
    id: id('Unique, starts with the provider. Never renamed once released.'),
    title: text('What was found, as a person says it.'),
    description: text('More about the format: since when, variants, what it opens.'),
    pattern: text('JavaScript regular expression over latin-1 text, with the named group `secret`. Taken literally.'),
    'ignore-case': { type: 'boolean', description: 'The pattern ignores the case of ASCII letters. Default false.' },
    literals: list(
      { type: 'string', minLength: 3, maxLength: 64 },
      'One of these stands in every match. Default: derived.',
    ),
    context: reference('context'),
    paths: object(
      { only: list(text('Glob.'), 'Only in these paths.'), not: list(text('Glob.'), 'Not in these paths.') },
      [],
      { minProperties: 1, description: 'Globs on the path; a glob without a slash is compared with the file name.' },
    ),
    checks: list(
      stringOr(
        { type: 'object', minProperties: 1, maxProperties: 1, additionalProperties: { type: 'object' } },
        'Name of a check, or the name and its options.',
      ),
      'Checks that this rule asks for.',
    ),
    'skip-checks': list(id('Name of a check.'), 'Checks for all rules that this rule must not run.'),
    companions: list(
      reference('companion'),
      'Rules whose secret must or may stand near; it becomes a part of this match.',
    ),
    confidence: CONFIDENCE,
    severity: SEVERITY,
    credential: reference('credential'),
    keys: {
      type: 'object',
      additionalProperties: { type: 'string', pattern: GROUP },
      description: 'Join-key kind to the named group that holds its value.',
    },
    owasp: OWASP,
    verifier: id('Verifier for a live check.'),
    remediation: text('What to do, in order. Falls back to the one of the file.'),
    references: REFERENCES,
    tags: TAGS,
    overlaps: list(id('Rule id.'), 'Rules of other providers that may match the same text.'),
    examples: object(
      {
        match: list(EXAMPLE, 'Each matches exactly once.'),
        'no-match': list(EXAMPLE, 'None matches, or a check drops the match.'),
      },
      [],
    ),
  },
  ['id', 'title', 'pattern'],
);

const DEFINITIONS: Readonly<Record<string, SchemaNode>> = {
  context: object(
    {
      words: list({ type: 'string', minLength: 2, maxLength: 64 }, 'At least one stands near, compared without case.'),
      before: distance(CONTEXT_BEFORE, 'Bytes before the start of the secret.'),
      after: distance(0, 'Bytes after the end of the secret.'),
    },
    ['words'],
  ),
  companion: object(
    {
      rule: id('Rule id.'),
      as: { type: 'string', pattern: GROUP, description: 'Name of the part.' },
      'within-lines': { type: 'integer', minimum: 0, maximum: 200 },
      required: { type: 'boolean', description: 'True: without it there is no match. Default false.' },
    },
    ['rule', 'as', 'within-lines'],
  ),
  credential: object(
    {
      type: { type: 'string', pattern: '^[a-z0-9]+(_[a-z0-9]+)*$', description: 'Type from the model README.' },
      privilege: object(
        { weight: { type: 'number', minimum: 0, maximum: 1 }, why: text('The words that justify the weight.') },
        ['weight', 'why'],
      ),
      lifetime: {
        ...branch({ type: 'string' }, { enum: ['until-revoked', 'unknown'] }, { type: 'number', exclusiveMinimum: 0 }),
        description: 'Hours, `until-revoked` or `unknown`.',
      },
      environment: choice(['live', 'test', 'any'], 'Which environment the format tells.'),
      public: { type: 'boolean', description: 'Made to be published. Default false.' },
    },
    ['type', 'lifetime', 'environment'],
  ),
  detection: object(
    {
      provider: id('Same as the file name.'),
      name: text('The name people use.'),
      remediation: text('For every rule that has none of its own.'),
      references: REFERENCES,
      tags: TAGS,
      rules: { ...list(DETECTION_RULE, 'The token formats of this provider.'), minItems: 1 },
    },
    ['provider', 'name', 'rules'],
  ),
  condition: {
    type: 'object',
    description: '`all`, `any` or `not`; or `attribute` and one operator with its operand.',
    ...branch(
      { anyOf: [{ required: ['all'] }, { required: ['any'] }, { required: ['not'] }] },
      object({ all: conditions(), any: conditions(), not: reference('condition') }, [], { maxProperties: 1 }),
      {
        required: ['attribute'],
        properties: { attribute: text('Name of the attribute.') },
        minProperties: 2,
        maxProperties: 2,
      },
    ),
  },
  'posture-example': object({ type: text('Identity type.'), attributes: { type: 'object' } }, ['type', 'attributes']),
  posture: object(
    {
      id: id('Same as the file name.'),
      title: text('What is wrong, as a person says it.'),
      'applies-to': {
        ...list(
          text('Identity type.'),
          'Types that the rule is about; `any`: identities, credentials and permissions.',
        ),
        minItems: 1,
      },
      when: reference('condition'),
      severity: SEVERITY,
      confidence: CONFIDENCE,
      owasp: OWASP,
      message: text('Template with {name}, {account} and {attribute-name}.'),
      why: text('What can happen.'),
      remediation: text('What to do, in order.'),
      references: REFERENCES,
      tags: TAGS,
      'yields-to': {
        ...OWASP,
        description: 'Silent about an identity for which another rule with one of these OWASP ids fails.',
      },
      examples: object(
        {
          fail: list(reference('posture-example'), 'The condition holds.'),
          pass: list(reference('posture-example'), 'It does not hold.'),
          'not-assessed': list(reference('posture-example'), 'Not known.'),
        },
        [],
      ),
    },
    ['id', 'title', 'applies-to', 'when', 'severity', 'message'],
  ),
  selection: object(
    {
      confidence: list(CONFIDENCE, 'Any of these. Default: all.'),
      tags: list(id('Tag.'), 'Any of these. Default: all.'),
      'not-tags': list(id('Tag.'), 'None of these.'),
    },
    [],
  ),
  pack: object(
    {
      pack: id('Same as the file name.'),
      title: text('Who it is for.'),
      detection: reference('selection'),
      posture: reference('selection'),
    },
    ['pack', 'title'],
  ),
};

function conditions(): SchemaNode {
  return { type: 'array', minItems: 1, maxItems: 50, items: reference('condition') };
}

function distance(fallback: number, description: string): SchemaNode {
  return { type: 'integer', minimum: 0, maximum: CONTEXT_MOST, default: fallback, description };
}

export type FileKind = 'detection' | 'posture' | 'pack';

/** The schema of one kind of file, complete with its definitions. */
export function schemaOf(kind: FileKind): SchemaNode {
  return { $ref: `#/definitions/${kind}`, definitions: DEFINITIONS };
}

/** Which kind of rule file a value is, told by its keys; undefined where it is none. */
export function kindOf(value: unknown): FileKind | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if ('rules' in value) return 'detection';
  if ('when' in value) return 'posture';
  return 'pack' in value ? 'pack' : undefined;
}

/** The text of `rules/schema.json`, for editors: one schema for the three kinds of file. */
export function renderSchema(): string {
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Bowerbird rule file',
    ...branch(
      { required: ['rules'] },
      reference('detection'),
      branch({ required: ['when'] }, reference('posture'), reference('pack')),
    ),
    definitions: DEFINITIONS,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
