import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from '../../model/errors.ts';
import type { Specialist } from './model.ts';

export interface IdentityBenchOptions {
  /** Specialists that are compared, with their folders. */
  readonly folders: ReadonlyMap<string, string>;
  /** Folders searched for commands before PATH. */
  readonly bins: readonly string[];
  /** Bundle of Bowerbird's command line. */
  readonly cli: string;
}

/** How the step is used. */
export function usageOf(specialists: readonly Specialist[]): string {
  return [
    'Usage: npm run bench:identities -- [options]',
    '',
    'Compares Bowerbird with specialists on their own test data. It fetches nothing.',
    ...specialists.map(({ name, setup }) => `  --${name} <folder>   ${setup}`),
    '  --bin <folder>    look for commands here before PATH; repeatable',
    "  --cli <file>      Bowerbird's bundle (default dist/cli.cjs)",
    '',
  ].join('\n');
}

/**
 * Reads the arguments of `npm run bench:identities`; `help` where they ask for it.
 *
 * @throws UsageError naming the flag or folder that is wrong
 */
export function readOptions(
  root: string,
  args: readonly string[],
  specialists: readonly Specialist[],
): IdentityBenchOptions | 'help' {
  const values = parseFlags(args, specialists);
  if (values['help'] === true) return 'help';
  const folders = new Map<string, string>();
  for (const { name } of specialists) {
    const folder = values[name];
    if (typeof folder === 'string') folders.set(name, checkFolder(folder));
  }
  if (folders.size === 0)
    throw new UsageError(`Name the folder of at least one specialist.\n\n${usageOf(specialists)}`);
  const bins = Array.isArray(values['bin']) ? values['bin'].map((folder) => checkFolder(String(folder))) : [];
  return { folders, bins, cli: readCli(root, values['cli']) };
}

function parseFlags(args: readonly string[], specialists: readonly Specialist[]): Readonly<Record<string, unknown>> {
  const own = Object.fromEntries(specialists.map(({ name }) => [name, { type: 'string' } as const]));
  try {
    const options = {
      ...own,
      bin: { type: 'string', multiple: true },
      cli: { type: 'string' },
      help: { type: 'boolean' },
    } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(`${error.message}\n\n${usageOf(specialists)}`);
  }
}

function readCli(root: string, text: unknown): string {
  const cli = typeof text === 'string' ? resolve(text) : resolve(root, 'dist', 'cli.cjs');
  if (existsSync(cli)) return cli;
  throw new UsageError(`${cli} does not exist. Run "npm run build" first.`);
}

function checkFolder(text: string): string {
  const path = resolve(text);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path;
  throw new UsageError(`"${text}" is not a folder.`);
}
