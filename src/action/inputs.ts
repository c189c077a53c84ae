import { UsageError } from '../model/errors.ts';
import type { Severity } from '../model/match.ts';

/** Variables of the process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What to look at: `auto` is the changes of a pull request or push, and the whole history on a schedule or by hand. */
export type ScanMode = 'auto' | 'changes' | 'tree' | 'history';

/** The inputs of action.yml, read and checked. */
export interface ActionInputs {
  readonly path: string;
  readonly scan: ScanMode;
  /** File with the state of an incremental scan of the history. */
  readonly historyState?: string;
  /** `never`: findings do not fail the step; an incomplete scan still does. */
  readonly failOn?: Exclude<Severity, 'none'> | 'never';
  readonly baseline?: string;
  readonly config?: string;
  readonly pack?: string;
  readonly exclude: readonly string[];
  readonly allowGaps?: number;
  readonly requireCoverage: boolean;
  readonly verify: boolean;
  readonly reportSarif?: string;
  readonly reportJson?: string;
  readonly uploadSarif: boolean;
  readonly annotations: boolean;
  readonly summary: boolean;
  readonly token?: string;
}

const MODES: readonly ScanMode[] = ['auto', 'changes', 'tree', 'history'];
const FAIL_ON = ['low', 'medium', 'high', 'critical', 'never'] as const;

/** Reads `INPUT_*`. Throws `UsageError` that names the input and what it may be. */
export function readInputs(env: Environment): ActionInputs {
  const text = (name: string) => readText(env, name);
  const optional = {
    ...defined('failOn', readChoice('fail-on', text('fail-on'), FAIL_ON)),
    ...defined('historyState', text('history-state')),
    ...defined('baseline', text('baseline')),
    ...defined('config', text('config')),
    ...defined('pack', text('pack')),
    ...defined('allowGaps', readCount('allow-gaps', text('allow-gaps'))),
    ...defined('reportSarif', text('report-sarif')),
    ...defined('reportJson', text('report-json')),
    ...defined('token', text('token')),
  };
  return {
    path: text('path') ?? '.',
    scan: readChoice('scan', text('scan'), MODES) ?? 'auto',
    exclude: readLines(text('exclude')),
    requireCoverage: readFlag('require-coverage', text('require-coverage'), false),
    verify: readFlag('verify', text('verify'), false),
    uploadSarif: readFlag('upload-sarif', text('upload-sarif'), false),
    annotations: readFlag('annotations', text('annotations'), true),
    summary: readFlag('summary', text('summary'), true),
    ...optional,
  };
}

/** The runner writes an input as `INPUT_<NAME>` in upper case, with hyphens kept. Empty is the same as absent. */
function readText(env: Environment, name: string): string | undefined {
  const value = env[`INPUT_${name.toUpperCase()}`]?.trim();
  return value === '' ? undefined : value;
}

function defined<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };
}

function readChoice<T extends string>(name: string, text: string | undefined, choices: readonly T[]): T | undefined {
  if (text === undefined) return undefined;
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw new UsageError(`Input "${name}" is "${text}". Write one of: ${choices.join(', ')}.`);
}

function readFlag(name: string, text: string | undefined, fallback: boolean): boolean {
  if (text === undefined) return fallback;
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  throw new UsageError(`Input "${name}" is "${text}". Write true or false.`);
}

function readCount(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`Input "${name}" is "${text}". Write a whole number, for example 3.`);
}

function readLines(text: string | undefined): string[] {
  return (text ?? '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
