import type { AllowEntry } from '../../model/allowlist.ts';
import { ConfigError } from '../../model/errors.ts';
import type { CompiledRule, RuleCheck, RuleCompanion } from '../../model/rule.ts';
import { readAllowlist, translateAt } from './allowlists.ts';
import { readFilter } from './expressions.ts';
import { Re2Error } from './re2-tree.ts';
import { readTable, type Table, type TableReader, type TomlFile, warnUnknownKeys } from './read-toml.ts';
import { type TranslatedRule, translateRuleRegex } from './regex.ts';

const LITERAL_LEAST = 3;
/** Stands for "anywhere in the same text" where the file gives no distance. */
const ANY_LINES = 1_000_000;

const FIELDS = [
  ...['id', 'description', 'regex', 'path', 'secretGroup', 'entropy', 'keywords', 'tags', 'allowlist', 'allowlists'],
  ...[
    'required',
    'skipReport',
    'components',
    'filter',
    'validate',
    'analyze',
    'revoke',
    'tokenEfficiency',
    'prefilter',
  ],
  ...['specificity', 'confidence', 'severity', 'references'],
];

/** Fields with no counterpart, and what happens instead. */
const NO_COUNTERPART: Readonly<Record<string, string>> = {
  validate: 'live checks come from verifiers, which rules can only name',
  analyze: 'live checks come from verifiers, which rules can only name',
  revoke: 'nothing is ever revoked',
  tokenEfficiency: 'the checks for placeholders and words run instead',
  prefilter: 'only the prefilter of the whole file is read',
};

/** What one `[[rules]]` table became. */
export interface ReadRule {
  readonly id: string;
  readonly rules: readonly CompiledRule[];
  readonly entries: readonly AllowEntry[];
  readonly warnings: readonly string[];
}

/** Reads one rule. `index` counts the tables of this file. Throws `ConfigError`. */
export function readRule(table: Table, index: number, toml: TomlFile): ReadRule {
  const reader = readTable(table, toml.file, (key) => toml.places.lineOf('rules', index, key));
  const id = reader.text('id')?.trim() ?? '';
  if (id === '') throw new ConfigError(`${reader.where()}: a rule has no id; write id = "..."`);
  const subject = `rule ${id}`;
  const warnings = [...warnUnknownKeys(table, FIELDS, reader, subject)];
  for (const [field, instead] of Object.entries(NO_COUNTERPART)) {
    if (table[field.toLowerCase()] === undefined) continue;
    warnings.push(`${reader.where(field)}: ${subject}: "${field}" has no counterpart and does nothing: ${instead}`);
  }
  const translated = translate(reader, subject, warnings);
  const ids = (translated?.patterns ?? [undefined]).map((_, part) => (part === 0 ? id : `${id}-${part + 1}`));
  const filter = readFilter(reader.text('filter') ?? '', {
    where: reader.where('filter'),
    subject: `${subject}, filter`,
    ruleIds: ids,
  });
  const entries = [...readAllowlists(reader, index, toml, ids, warnings), ...filter.entries];
  warnings.push(...filter.warnings);
  const entropy = Math.max(reader.number('entropy') ?? 0, filter.entropy ?? 0);
  const common = { ...describe(reader, id), checks: readChecks(reader, entropy, warnings, subject) };
  const companions = readCompanions(reader, warnings, subject);
  const rules = (translated?.patterns ?? []).map(
    (pattern, part): CompiledRule => ({
      ...common,
      id: ids[part] ?? id,
      pattern: pattern.source,
      ignoreCase: pattern.ignoreCase,
      literals: pattern.holdsKeyword ? keywordsOf(reader) : [],
      companions,
    }),
  );
  return { id, rules, entries, warnings };
}

function translate(reader: TableReader, subject: string, warnings: string[]): TranslatedRule | undefined {
  const regex = reader.text('regex') ?? '';
  if (regex === '') {
    const what = reader.text('path') === undefined ? 'no regex: it only changes a rule of another set' : 'only a path';
    warnings.push(`${reader.where()}: ${subject} has ${what}; it is not loaded, because Bowerbird reports contents`);
    return undefined;
  }
  const keywords = keywordsOf(reader);
  try {
    const translated = translateRuleRegex(regex, reader.number('secretGroup') ?? 0, keywords);
    warnings.push(...translated.notes.map((note) => `${reader.where('regex')}: ${subject}: ${note}`));
    if (keywords.length > 0 && !translated.patterns.every((pattern) => pattern.holdsKeyword)) {
      const what = 'its keywords need not stand in the match, so they do not limit it';
      warnings.push(`${reader.where('keywords')}: ${subject}: ${what}`);
    }
    return translated;
  } catch (error) {
    if (!(error instanceof Re2Error)) throw error;
    throw new ConfigError(`${reader.where('regex')}: ${subject}: the regex cannot be read: ${error.message}`);
  }
}

/** Keywords fit as literals only when each is long enough to search for. */
function keywordsOf(reader: TableReader): readonly string[] {
  const keywords = reader.texts('keywords').map((keyword) => keyword.toLowerCase());
  return keywords.every((keyword) => keyword.length >= LITERAL_LEAST) ? keywords : [];
}

function describe(
  reader: TableReader,
  id: string,
): Omit<CompiledRule, 'pattern' | 'ignoreCase' | 'literals' | 'companions' | 'checks'> {
  const description = reader.text('description') ?? '';
  return {
    id,
    provider: 'custom',
    title: description === '' ? id : description,
    description,
    skipChecks: [],
    confidence: 'medium',
    severity: 'high',
    credential: {
      type: 'api_key',
      lifetime: 'unknown',
      environment: 'any',
      public: reader.flag('skipReport') ?? false,
    },
    keys: {},
    owasp: ['NHI2'],
    remediation: 'Revoke the credential at its issuer, issue a new one, and keep it out of the code.',
    references: [],
    tags: [...new Set(['custom', ...reader.texts('tags')])],
    examples: { match: [], noMatch: [] },
    trusted: false,
    source: reader.where(),
  };
}

function readChecks(reader: TableReader, entropy: number, warnings: string[], subject: string): readonly RuleCheck[] {
  const path = reader.text('path') ?? '';
  const pattern = path === '' ? undefined : translateAt(path, reader.where('path'), `${subject}, path`, warnings);
  return [
    ...(entropy > 0 ? [{ check: 'entropy', options: { min: entropy } }] : []),
    ...(pattern === undefined ? [] : [{ check: 'path-pattern', options: { only: pattern } }]),
  ];
}

function readAllowlists(
  reader: TableReader,
  rule: number,
  toml: TomlFile,
  ids: readonly string[],
  warnings: string[],
): readonly AllowEntry[] {
  return ['allowlist', 'allowlists'].flatMap((key) =>
    reader.tables(key).flatMap((table, index) => {
      const lineOf = (name?: string): number => toml.places.lineOfInner('rules', rule, `rules.${key}`, index, name);
      const read = readAllowlist(table, {
        file: toml.file,
        lineOf,
        ruleIds: ids,
        subject: `allowlist of rule ${ids[0] ?? ''}`,
      });
      warnings.push(...read.warnings);
      return read.entries;
    }),
  );
}

/** `[[rules.required]]` of gitleaks and `components` of betterleaks. */
function readCompanions(reader: TableReader, warnings: string[], subject: string): readonly RuleCompanion[] {
  return [...reader.tables('required'), ...reader.tables('components')].map((table) => {
    const part = readTable(table, reader.where().replace(/:\d+$/, ''), () =>
      Number(/\d+$/.exec(reader.where())?.[0] ?? 1),
    );
    const rule = part.text('id') ?? '';
    const within = /^(?:(\d+)L)?,?(?:(\d+)C)?$/i.exec(part.text('within') ?? '');
    if (rule === '')
      throw new ConfigError(`${reader.where('required')}: ${subject}: a required rule has no id; write id = "..."`);
    if (part.number('withinColumns') !== undefined || within?.[2] !== undefined) {
      warnings.push(
        `${reader.where('required')}: ${subject}: the distance to ${rule} in columns does nothing; lines are counted`,
      );
    }
    const lines = part.number('withinLines') ?? (within?.[1] === undefined ? ANY_LINES : Number(within[1]));
    return { rule, as: rule.replace(/\W/g, '_'), withinLines: lines, required: part.flag('optional') !== true };
  });
}
