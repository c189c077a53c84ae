import { defined } from '../lib/fields/defined.ts';
import { globProblem } from '../lib/patterns/glob.ts';
import type { YamlDocument } from '../lib/yaml/read.ts';
import { describeSchemaProblem } from '../lib/yaml/schema-problem.ts';
import type { AllowEntry } from '../model/allowlist.ts';
import type { Exposure } from '../model/artifact.ts';
import { ConfigError } from '../model/errors.ts';
import { CONFIG_FILES, type Config, DEFAULT_CONFIG } from './config.ts';
import type { PolicyFiles } from './policy-files.ts';

const LARGEST = 1024 * 1024;

/**
 * Loads the configuration from `path`, or from the first file of `CONFIG_FILES` that exists. Without a file it returns
 * the defaults. Throws one `ConfigError` that names every problem as `file:line:column: what is wrong`.
 */
export async function loadConfig(files: PolicyFiles, path?: string): Promise<Config> {
  if (path !== undefined) {
    const text = await files.readNamed(path);
    if (text === undefined) throw new ConfigError(`${files.prefix}${path}: no such file. Check --config.`);
    return parseConfig(text, `${files.prefix}${path}`);
  }
  for (const name of CONFIG_FILES) {
    const text = await files.read(name);
    if (text !== undefined) return parseConfig(text, `${files.prefix}${name}`);
  }
  return DEFAULT_CONFIG;
}

/** Parses the text of a configuration file. Throws `ConfigError`. */
export async function parseConfig(text: string, source: string): Promise<Config> {
  if (text.length > LARGEST) throw new ConfigError(`${source}: larger than ${LARGEST} bytes.`);
  const { isYamlProblem, readYaml } = await import('../lib/yaml/read.ts');
  const parsed = await readYaml(text);
  if (isYamlProblem(parsed)) throw new ConfigError(`${source}:${parsed.line}:${parsed.column}: ${parsed.message}`);
  if (parsed.value === null || parsed.value === undefined) return { ...DEFAULT_CONFIG, source };
  const problems = [...(await findSchemaProblems(parsed, source))];
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  const raw = parsed.value as RawConfig;
  problems.push(...findPatternProblems(raw, parsed, source));
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return toConfig(raw, parsed, source);
}

interface RawAllow {
  readonly reason: string;
  readonly owner?: string;
  readonly expires?: string;
  readonly rules?: string[];
  readonly paths?: string[];
  readonly patterns?: string[];
  readonly target?: 'secret' | 'line';
  readonly words?: string[];
  readonly commits?: string[];
}

interface RawConfig {
  readonly rules?: { pack?: string; only?: string[]; except?: string[]; folders?: string[] };
  readonly exclude?: string[];
  readonly 'fail-on'?: Config['failOn'];
  readonly 'allow-gaps'?: number;
  readonly exposure?: Exposure;
  readonly 'fingerprint-key'?: string;
  readonly 'inline-comments'?: boolean;
  readonly 'read-foreign-config'?: boolean;
  readonly thresholds?: Record<string, number>;
  readonly limits?: Record<string, number>;
  readonly allow?: RawAllow[];
}

async function findSchemaProblems(parsed: YamlDocument, source: string): Promise<string[]> {
  const { configValidator } = await import('./validators.generated.ts');
  if (configValidator(parsed.value)) return [];
  return (configValidator.errors ?? []).map((error) => describeSchemaProblem(error, parsed, source));
}

function findPatternProblems(raw: RawConfig, parsed: YamlDocument, source: string): string[] {
  const problems: string[] = [];
  const check = (texts: readonly string[] | undefined, path: readonly (string | number)[], test: PatternTest): void => {
    for (const [at, text] of (texts ?? []).entries()) {
      const problem = test(text);
      if (problem === undefined) continue;
      const { line, column } = parsed.place([...path, at]).start;
      problems.push(`${source}:${line}:${column}: ${[...path, at].join('.')}: ${problem}`);
    }
  };
  check(raw.exclude, ['exclude'], describeGlob);
  for (const [index, entry] of (raw.allow ?? []).entries()) {
    check(entry.paths, ['allow', index, 'paths'], describeGlob);
    check(entry.patterns, ['allow', index, 'patterns'], regexProblem);
  }
  return problems;
}

type PatternTest = (text: string) => string | undefined;

function describeGlob(text: string): string | undefined {
  const problem = globProblem(text);
  return problem === undefined ? undefined : `the glob "${text}" ${problem}`;
}

function regexProblem(pattern: string): string | undefined {
  try {
    new RegExp(pattern);
    return undefined;
  } catch (error) {
    // V8's message repeats the pattern, and the pattern may hold the very value that it accepts.
    const message = error instanceof Error ? error.message : String(error);
    return `not a regular expression: ${message.replace(/^.*:\s*/s, '')}`;
  }
}

function toConfig(raw: RawConfig, parsed: YamlDocument, source: string): Config {
  const { rules = {} } = raw;
  const key = raw['fingerprint-key'];
  return {
    pack: rules.pack ?? DEFAULT_CONFIG.pack,
    only: rules.only ?? [],
    except: rules.except ?? [],
    ruleFolders: rules.folders ?? DEFAULT_CONFIG.ruleFolders,
    exclude: raw.exclude ?? [],
    failOn: raw['fail-on'] ?? DEFAULT_CONFIG.failOn,
    allowGaps: raw['allow-gaps'] ?? 0,
    exposure: raw.exposure ?? DEFAULT_CONFIG.exposure,
    inlineComments: raw['inline-comments'] ?? true,
    foreign: raw['read-foreign-config'] ?? true,
    thresholds: raw.thresholds ?? {},
    limits: raw.limits ?? {},
    allow: (raw.allow ?? []).map((entry, index) =>
      toAllow(entry, `${source}:${parsed.place(['allow', index]).start.line}`),
    ),
    source,
    ...defined({ fingerprintKey: key }),
  };
}

function toAllow(entry: RawAllow, source: string): AllowEntry {
  const { reason, owner, expires, rules, paths, patterns, target, words, commits } = entry;
  return {
    kind: 'allowlist',
    reason,
    source,
    ...defined({ owner, expires, ruleIds: rules, globs: paths, patterns, target }),
    ...(words === undefined ? {} : { stopwords: words.map((word) => word.toLowerCase()) }),
    ...defined({ commits }),
  };
}
