import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { listSearchPath } from '../../lib/system.ts';
import { UsageError } from '../../model/errors.ts';
import type { InstalledPeer, Peer } from './model.ts';
import { bowerbird } from './peers/bowerbird.ts';
import { credsweeper } from './peers/credsweeper.ts';
import { detectSecrets } from './peers/detect-secrets.ts';
import { betterleaks, gitleaks } from './peers/gitleaks.ts';
import { kingfisher } from './peers/kingfisher.ts';
import { noseyparker } from './peers/noseyparker.ts';
import { secretlint } from './peers/secretlint.ts';
import { titus } from './peers/titus.ts';
import { trufflehog } from './peers/trufflehog.ts';

/** Every scanner that Bowerbird is compared with. */
export const PEERS: readonly Peer[] = [
  gitleaks,
  betterleaks,
  trufflehog,
  kingfisher,
  noseyparker,
  titus,
  detectSecrets,
  credsweeper,
  secretlint,
];

const ASK_TIMEOUT = 60_000;
const LONGEST_ANSWER = 256 * 1024 * 1024;

export interface FoundPeers {
  readonly installed: readonly InstalledPeer[];
  /** Names of peers that are not on this machine. */
  readonly absent: readonly string[];
}

/**
 * Finds peers in `bins`, then on PATH, and asks each for its version and number of rules.
 *
 * @throws UsageError when a peer was asked for by name and is not there
 */
export async function findPeers(
  wanted: readonly string[] | undefined,
  bins: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<FoundPeers> {
  const installed: InstalledPeer[] = [];
  const absent: string[] = [];
  const folders = [...bins, ...listSearchPath(env)];
  for (const peer of PEERS) {
    if (wanted !== undefined && !wanted.includes(peer.name)) continue;
    const file = findExecutable(peer.executable, folders);
    if (file === undefined) absent.push(peer.name);
    else installed.push(await askPeer(peer, file, [], env));
  }
  if (wanted !== undefined && absent.length > 0) {
    throw new UsageError(`Not found on PATH or in --bin: ${absent.join(', ')}.`);
  }
  return { installed, absent };
}

/** Bowerbird's bundle as one more scanner, run by this Node. */
export function findBowerbird(cli: string, env: Readonly<Record<string, string>>): Promise<InstalledPeer> {
  return askPeer(bowerbird, process.execPath, [cli], env);
}

function findExecutable(name: string, folders: readonly string[]): string | undefined {
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function askPeer(
  peer: Peer,
  file: string,
  prefix: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<InstalledPeer> {
  const answer = readVersion(await ask(file, [...prefix, ...peer.version], env));
  // A Go program that was installed from its module does not know its version; the toolchain can tell.
  const version = answer ?? readModuleVersion(await ask('go', ['version', '-m', file], env)) ?? 'unknown';
  const rules = peer.rules && countRules(peer, await ask(file, [...prefix, ...peer.rules.args], env));
  return { peer, file, prefix, version, ...(rules !== undefined && { rules }) };
}

/** Both output streams of a short question; empty when there is no answer, which a scoreboard shows as unknown. */
async function ask(file: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  try {
    const { stdout, stderr } = await promisify(execFile)(file, [...args], {
      env,
      timeout: ASK_TIMEOUT,
      maxBuffer: LONGEST_ANSWER,
    });
    return stdout.trim() === '' ? stderr : stdout;
  } catch {
    return '';
  }
}

/**
 * A number with dots in an answer; undefined where there is none, as of a scanner that was built without its version.
 */
export function readVersion(answer: string): string | undefined {
  return /\d+\.\d+(?:\.\d+)?(?:-[\w.]+)?/.exec(answer)?.[0];
}

/** The version of the main module in what `go version -m` prints. */
export function readModuleVersion(answer: string): string | undefined {
  return /^\s*mod\s+\S+\s+v(\S+)/m.exec(answer)?.[1];
}

function countRules(peer: Peer, answer: string): number | undefined {
  if (answer === '') return undefined;
  try {
    return peer.rules?.count(answer);
  } catch (error) {
    // A list in another form than the one known says nothing about the scan.
    if (error instanceof Error && error.name === 'ReportError') return undefined;
    throw error;
  }
}
