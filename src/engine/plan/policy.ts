import { relative, resolve } from 'node:path';
import { BASELINE_FILE, type Config, DEFAULT_CONFIG, IGNORE_FILE } from '../../config/config.ts';
import { parseIgnoreFile } from '../../config/ignore-file.ts';
import { parseDetectSecretsBaseline } from '../../config/legacy/detect-secrets.ts';
import { parseGitleaksBaseline, parseGitleaksIgnore } from '../../config/legacy/gitleaks.ts';
import { loadConfig } from '../../config/load.ts';
import { type PolicyFiles, policyFromCommit, policyFromFolder } from '../../config/policy-files.ts';
import { toSlashes } from '../../lib/system.ts';
import type { AllowEntry } from '../../model/allowlist.ts';
import { UsageError } from '../../model/errors.ts';
import type { Policy, ScanContext, ScanOptions } from './contract.ts';

/** Key of fingerprints when neither the environment nor the configuration names one: stable, but public. */
const DEFAULT_KEY = 'bowerbird/fingerprint/v1';

/** How a commit's files are read. The git library implements it, so that this file knows no plumbing. */
export interface CommitReader {
  read(root: string, ref: string, path: string): Promise<string | undefined>;
  list(root: string, ref: string, folder: string): Promise<string[]>;
}

/** Loads the policy from the working tree, or from `policyRef`. Throws `ConfigError` or `UsageError`. */
export async function loadPolicy(
  options: ScanOptions,
  context: ScanContext,
  root: string,
  commits: CommitReader,
): Promise<Policy> {
  const files = policyFiles(options, root, commits);
  const named = namedFiles(options, context.cwd, root);
  const config = options.noConfig === true ? DEFAULT_CONFIG : await loadConfig(files, named.config);
  const fingerprintKey = context.env['BOWERBIRD_FINGERPRINT_KEY'] || config.fingerprintKey || DEFAULT_KEY;
  const notes: string[] = [];
  const entries =
    options.noConfig === true ? [] : await loadEntries(named.baseline, config, files, fingerprintKey, notes);
  if (options.policyRef !== undefined) notes.push(`policy read from ${options.policyRef}`);
  return { config, entries, fingerprintKey, files, notes };
}

/** Files that the user names are relative to the working directory; policy is read relative to the root. */
function namedFiles(
  options: ScanOptions,
  cwd: string,
  root: string,
): { readonly config: string | undefined; readonly baseline: string | undefined } {
  const fromRoot = (path: string | undefined): string | undefined =>
    path === undefined ? undefined : toSlashes(relative(root, resolve(cwd, path)));
  return { config: fromRoot(options.config), baseline: fromRoot(options.baseline) };
}

function policyFiles(options: ScanOptions, root: string, commits: CommitReader): PolicyFiles {
  const { policyRef } = options;
  if (policyRef === undefined) return policyFromFolder(root);
  return policyFromCommit(
    policyRef,
    (path) => commits.read(root, policyRef, path),
    (folder) => commits.list(root, policyRef, folder),
  );
}

async function loadEntries(
  baseline: string | undefined,
  config: Config,
  files: PolicyFiles,
  key: string,
  notes: string[],
): Promise<AllowEntry[]> {
  const entries: AllowEntry[][] = [[...config.allow]];
  const ignore = await files.read(IGNORE_FILE);
  if (ignore !== undefined) entries.push(parseIgnoreFile(ignore, `${files.prefix}${IGNORE_FILE}`, 'ignore-file'));
  entries.push(await loadBaseline(baseline, files, key));
  if (!config.foreign) return entries.flat();
  const gitleaks = await files.read('.gitleaksignore');
  if (gitleaks !== undefined) entries.push(parseGitleaksIgnore(gitleaks, `${files.prefix}.gitleaksignore`));
  const detectSecrets = await files.read('.secrets.baseline');
  if (detectSecrets !== undefined) {
    entries.push(parseDetectSecretsBaseline(detectSecrets, `${files.prefix}.secrets.baseline`));
  }
  const read = [
    gitleaks === undefined ? '' : '.gitleaksignore',
    detectSecrets === undefined ? '' : '.secrets.baseline',
  ];
  for (const name of read.filter((text) => text !== ''))
    notes.push(`${name} was read; "bowerbird baseline" replaces it`);
  return entries.flat();
}

async function loadBaseline(path: string | undefined, files: PolicyFiles, key: string): Promise<AllowEntry[]> {
  const name = path ?? BASELINE_FILE;
  const text = await (path === undefined ? files.read(name) : files.readNamed(name));
  const source = `${files.prefix}${name}`;
  if (text === undefined) {
    if (path === undefined) return [];
    throw new UsageError(`The baseline ${source} does not exist. Make one with "bowerbird baseline".`);
  }
  return parseBaseline(text, source, key);
}

/** Reads a baseline in our own form, gitleaks' (a JSON list) or detect-secrets' (a JSON object). */
export function parseBaseline(text: string, source: string, key: string): AllowEntry[] {
  const start = text.trimStart().charAt(0);
  if (start === '[') return parseGitleaksBaseline(text, source, key);
  if (start === '{') return parseDetectSecretsBaseline(text, source);
  return parseIgnoreFile(text, source, 'baseline');
}
