import type { AllowEntry } from '../model/allowlist.ts';
import type { Exposure } from '../model/artifact.ts';
import type { Severity } from '../model/match.ts';

/** File names that are looked for at the root. The first one that exists is read. */
export const CONFIG_FILES: readonly string[] = ['.bowerbird.yaml', '.bowerbird.yml'];
export const IGNORE_FILE = '.bowerbirdignore';
export const BASELINE_FILE = '.bowerbird-baseline';
export const RULES_FOLDER = '.bowerbird/rules';

/** The complete configuration of one run. Every absent key has its default. */
export interface Config {
  readonly pack: string;
  readonly only: readonly string[];
  readonly except: readonly string[];
  /** Folders with rule files of the user, relative to the root. */
  readonly ruleFolders: readonly string[];
  /** Globs of paths that are left out on purpose (skips, not gaps). */
  readonly exclude: readonly string[];
  readonly failOn: Exclude<Severity, 'none'>;
  readonly allowGaps: number;
  readonly exposure: Exposure;
  readonly fingerprintKey?: string;
  readonly inlineComments: boolean;
  /** Whether `.gitleaks.toml`, `.gitleaksignore` and detect-secrets' baseline are read where they exist. */
  readonly foreign: boolean;
  readonly thresholds: Readonly<Record<string, number>>;
  readonly limits: Readonly<Record<string, number>>;
  readonly allow: readonly AllowEntry[];
  /** The file from which it was read. Absent: there are defaults only. */
  readonly source?: string;
}

export const DEFAULT_CONFIG: Config = {
  pack: 'default',
  only: [],
  except: [],
  ruleFolders: [RULES_FOLDER],
  exclude: [],
  failOn: 'low',
  allowGaps: 0,
  exposure: 'unknown',
  inlineComments: true,
  foreign: true,
  thresholds: {},
  limits: {},
  allow: [],
};
