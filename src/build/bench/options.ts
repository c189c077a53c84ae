import { existsSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from '../../model/errors.ts';
import { CHECKS, type CheckName, WORKS, type Work } from './model.ts';

const DEFAULT_ROUNDS = 3;
const DEFAULT_TIMEOUT_SECONDS = 600;
const MOST_ROUNDS = 1000;

export interface BenchOptions {
  readonly rounds: number;
  readonly works: readonly Work[];
  /** Names of peers; undefined: every one that is installed. */
  readonly peers?: readonly string[];
  /** Folders searched for peers before PATH. */
  readonly bins: readonly string[];
  /** Markdown file; the JSON lies beside it. */
  readonly out: string;
  /** Milliseconds a single run may take. */
  readonly timeout: number;
  /** Bundle of Bowerbird's command line. */
  readonly cli: string;
  /** Sections of the scoreboard that this run does not measure stay. */
  readonly keep: boolean;
  readonly checks: readonly CheckName[];
  readonly folders: readonly Folder[];
}

export interface Folder {
  readonly name: string;
  readonly path: string;
}

export const USAGE = `Usage: npm run bench -- [options] <folder>...

A folder is a git repository (bare or with a work tree); only "tree" can use a folder that is none.
  --rounds <n>      runs of each scanner, interleaved (default ${DEFAULT_ROUNDS})
  --work <list>     of ${WORKS.join(',')} (default: all)
  --peers <list>    only these peers (default: all that are installed)
  --bin <folder>    look for peers here before PATH; repeatable
  --out <file>      Markdown; the JSON is written beside it (default bench/scoreboard.md)
  --timeout <s>     seconds until a run is given up (default ${DEFAULT_TIMEOUT_SECONDS})
  --cli <file>      Bowerbird's bundle (default dist/cli.cjs)
  --keep            keep sections of the scoreboard that this run does not measure
  --rules           also count what each rule of Bowerbird costs (minutes)
  --equality        also scan each history the slow way, and compare the findings (long)
  --growth          also compare 200 rules with 2,000, on the files of the first folder
`;

/**
 * Reads the arguments of `npm run bench`; `help` where they ask for it.
 *
 * @throws UsageError naming the flag or folder that is wrong
 */
export function readOptions(
  root: string,
  args: readonly string[],
  peerNames: readonly string[],
): BenchOptions | 'help' {
  const { values, positionals } = parseFlags(args);
  if (values.help === true) return 'help';
  const works = readList('--work', values.work, WORKS) ?? WORKS;
  const peers = readList('--peers', values.peers, peerNames);
  const folders = nameFolders(positionals.map(checkFolder));
  if (folders.length === 0 && works.some((work) => work !== 'start')) {
    throw new UsageError(`Name at least one folder with a git repository.\n\n${USAGE}`);
  }
  return {
    rounds: readNumber('--rounds', values.rounds, DEFAULT_ROUNDS, MOST_ROUNDS),
    works,
    ...(peers !== undefined && { peers }),
    bins: (values.bin ?? []).map(checkFolder),
    out: readOut(root, values.out),
    timeout: readNumber('--timeout', values.timeout, DEFAULT_TIMEOUT_SECONDS, Number.MAX_SAFE_INTEGER) * 1000,
    cli: readCli(root, values.cli),
    keep: values.keep === true,
    checks: CHECKS.filter((check) => values[check] === true),
    folders,
  };
}

function parseFlags(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        rounds: text,
        work: text,
        peers: text,
        bin: { type: 'string', multiple: true },
        out: text,
        timeout: text,
        cli: text,
        keep: { type: 'boolean' },
        rules: { type: 'boolean' },
        equality: { type: 'boolean' },
        growth: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(`${error.message}\n\n${USAGE}`);
  }
}

function readList<T extends string>(
  flag: string,
  text: string | undefined,
  known: readonly T[],
): readonly T[] | undefined {
  if (text === undefined) return undefined;
  const isKnown = (name: string): name is T => known.some((one) => one === name);
  const names = text.split(',').map((name) => name.trim());
  const wanted = names.filter(isKnown);
  const wrong = names.find((name) => !isKnown(name));
  if (wrong !== undefined) throw new UsageError(`${flag} does not know "${wrong}". Write: ${known.join(', ')}.`);
  return wanted;
}

function readNumber(flag: string, text: string | undefined, fallback: number, most: number): number {
  if (text === undefined) return fallback;
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= most) return number;
  throw new UsageError(`${flag} "${text}" is not a whole number from 1 up.`);
}

function readOut(root: string, text: string | undefined): string {
  if (text === undefined) return resolve(root, 'bench', 'scoreboard.md');
  if (text.endsWith('.md')) return resolve(text);
  throw new UsageError(`--out "${text}" must end in .md; the JSON is written beside it.`);
}

function readCli(root: string, text: string | undefined): string {
  const cli = text === undefined ? resolve(root, 'dist', 'cli.cjs') : resolve(text);
  if (existsSync(cli)) return cli;
  throw new UsageError(`${cli} does not exist. Run "npm run build" first.`);
}

function checkFolder(text: string): string {
  const path = resolve(text);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path;
  throw new UsageError(`"${text}" is not a folder.`);
}

/** Names folders by their last part that tells them apart, and numbers equal names. */
function nameFolders(paths: readonly string[]): readonly Folder[] {
  const seen = new Map<string, number>();
  return paths.map((path) => {
    const last = basename(path);
    const plain = last === 'repo' || last === '.git' ? basename(dirname(path)) : last.replace(/\.git$/, '');
    const times = (seen.get(plain) ?? 0) + 1;
    seen.set(plain, times);
    return { name: times === 1 ? plain : `${plain}-${times}`, path };
  });
}
