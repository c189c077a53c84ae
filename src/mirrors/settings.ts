import { devNull } from 'node:os';
import type { Environment } from '../git/process/environment.ts';
import type { Credential } from './contract.ts';

/** Variables of the user that git needs to start and to reach a network. None of git's own is among them. */
const KEPT = [
  'PATH',
  'Path',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SYSTEMROOT',
  'SystemRoot',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'http_proxy',
  'https_proxy',
  'HTTPS_PROXY',
  'all_proxy',
  'ALL_PROXY',
  'no_proxy',
  'NO_PROXY',
];
/** Of git's own variables, these only say which authorities the user trusts. */
const KEPT_OF_GIT = ['GIT_SSL_CAINFO', 'GIT_SSL_CAPATH'];

/**
 * A few bytes may describe an object of many gigabytes as changes to another one, and git would build it in memory.
 * Large objects that are whole in a pack are streamed (`core.bigFileThreshold`). Servers make no changes of objects
 * over 512 MiB by default.
 */
const LARGEST_ALLOCATION = '1g';

export interface SettingsOptions {
  readonly env: Environment;
  /** An empty folder. git and curl look for settings and passwords (`.netrc`) in the home folder. */
  readonly home: string;
  /** File that git writes what it did to, for the count of requests. */
  readonly trace: string;
  /** Where the credential may go: scheme, host, port, slash. */
  readonly origin: string;
  readonly credential?: Credential;
  readonly checkObjects: boolean;
  /** How long a server may send nothing, ms. */
  readonly idle: number;
}

/**
 * Returns the whole environment of git for a mirror: made from an allowlist, without configuration of the system or the
 * user. All settings are in it, and none on the command line, where other users of the machine could read a token.
 */
export function gitSettings(options: SettingsOptions): Record<string, string> {
  const names = new Set([...KEPT, ...KEPT_OF_GIT]);
  const kept = Object.entries(options.env).filter((entry): entry is [string, string] => {
    return names.has(entry[0]) && entry[1] !== undefined;
  });
  return {
    ...Object.fromEntries(kept),
    HOME: options.home,
    USERPROFILE: options.home,
    XDG_CONFIG_HOME: options.home,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CONFIG_SYSTEM: devNull,
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: options.origin.startsWith('http:') ? 'http' : 'https',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_ALLOC_LIMIT: LARGEST_ALLOCATION,
    GIT_TRACE2_EVENT: options.trace,
    GIT_TRACE2_EVENT_NESTING: '8',
    ...asVariables([...fixedSettings(options), ...credentialSettings(options)]),
  };
}

type Setting = readonly [key: string, value: string];

function fixedSettings({ checkObjects, idle }: SettingsOptions): Setting[] {
  return [
    ['core.hooksPath', '/dev/null'],
    ['core.fsmonitor', 'false'],
    ['core.askPass', ''],
    ['core.bigFileThreshold', '64m'],
    ['credential.helper', ''],
    ['http.followRedirects', 'false'],
    // Ends a git that nobody watches any more, because our own process was killed.
    ['http.lowSpeedLimit', '1'],
    ['http.lowSpeedTime', String(Math.ceil(idle / 1000) + 10)],
    ['protocol.version', '2'],
    ['submodule.recurse', 'false'],
    ['fetch.recurseSubmodules', 'false'],
    ['fetch.fsckObjects', String(checkObjects)],
    ['transfer.fsckObjects', String(checkObjects)],
    // Few questions about old commits instead of all: each round is a request.
    ['fetch.negotiationAlgorithm', 'skipping'],
    // Packs are what our own reader reads, and a pack is one file to count.
    ['fetch.unpackLimit', '1'],
    ['transfer.unpackLimit', '1'],
    ['transfer.bundleURI', 'false'],
    ['gc.auto', '0'],
    ['maintenance.auto', 'false'],
  ];
}

function credentialSettings({ origin, credential }: SettingsOptions): Setting[] {
  if (credential === undefined) return [];
  return [[`http.${origin}.extraHeader`, `Authorization: ${authorization(credential)}`]];
}

function authorization(credential: Credential): string {
  const secret = credential.secret.reveal();
  if (credential.scheme === 'bearer') return `Bearer ${secret}`;
  return `Basic ${Buffer.from(`${credential.user}:${secret}`, 'utf8').toString('base64')}`;
}

function asVariables(settings: readonly Setting[]): Record<string, string> {
  const pairs = settings.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return { ...Object.fromEntries(pairs), GIT_CONFIG_COUNT: String(settings.length) };
}
