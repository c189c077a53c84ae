import type { MirrorReason } from './contract.ts';

/** Rules are tried in order. `own`: what git says itself. `server`: what the server made git print. */
interface Sign {
  readonly reason: MirrorReason;
  readonly own: RegExp;
  readonly server?: RegExp;
}

const SIGNS: readonly Sign[] = [
  { reason: 'disk-full', own: /No space left on device|Disk quota exceeded|out of disk ?space/i },
  {
    reason: 'too-large',
    own: /Out of memory|malloc failed|attempting to allocate \d+ over limit|exceeds maximum allowed size/i,
  },
  { reason: 'moved', own: /returned error: 30\d|unable to update url base from redirection/ },
  { reason: 'not-found', own: /returned error: 404|^fatal: repository '[^']*' not found/m },
  { reason: 'gone', own: /returned error: 410/ },
  { reason: 'disabled', own: /returned error: 451/ },
  { reason: 'disabled', own: /returned error: 403/, server: /\b(?:disabled|suspended|blocked|unavailable)\b/i },
  { reason: 'denied', own: /returned error: 40[13]|Authentication failed|could not read (?:Username|Password)/ },
  { reason: 'busy', own: /returned error: 429/ },
  { reason: 'unreachable', own: /returned error: (?:408|5\d\d)/ },
  {
    reason: 'broken',
    own: /fsck error|^error: object [0-9a-f]+: \w+:|pack has bad object|pack is corrupted|bad pack/m,
  },
  {
    reason: 'unreachable',
    own: /Could not resolve|Failed to connect|Couldn't connect|Connection (?:refused|reset|timed out)|Network is unreachable|Empty reply|early EOF|RPC failed|unexpected disconnect|hung up|Recv failure|transfer closed/i,
  },
  { reason: 'unreachable', own: /\bSSL\b|\bTLS\b|certificate|\bproxy\b/i },
];

/** Says why git failed from what it wrote to stderr in the C locale. Text of the server is not believed on its own. */
export function explainGit(stderr: string): MirrorReason {
  const lines = stderr.split(/[\r\n]+/);
  const server = lines.filter((line) => line.startsWith('remote:')).join('\n');
  const own = lines.filter((line) => !line.startsWith('remote:')).join('\n');
  const sign = SIGNS.find((candidate) => {
    return candidate.own.test(own) && (candidate.server === undefined || candidate.server.test(server));
  });
  return sign?.reason ?? 'broken';
}

interface Words {
  readonly message: string;
  readonly advice: string;
  readonly retry: boolean;
}

const WORDS: Readonly<Record<MirrorReason, Words>> = {
  refused: {
    message: 'its address is refused',
    advice: 'Write the address as https://host/owner/name, and give a token beside it, not in it.',
    retry: false,
  },
  'not-found': {
    message: 'the host knows no such repository, or does not show it to this credential',
    advice: 'Check the name, and that the token or App may read the contents of this repository.',
    retry: false,
  },
  gone: {
    message: 'the host says that the repository is gone',
    advice: 'List the organisation again. If the repository should be there, ask its owner.',
    retry: false,
  },
  moved: {
    message: 'the host redirects to another address, and redirects are not followed',
    advice: 'List the organisation again, or write the new address of the repository.',
    retry: false,
  },
  denied: {
    message: 'the host refused the credential, or wants one',
    advice: 'Check that the token has not expired and may read the contents of this repository.',
    retry: true,
  },
  disabled: {
    message: 'the host has disabled the repository',
    advice: 'Ask the host or the owner of the repository. Nothing of it was read.',
    retry: false,
  },
  busy: {
    message: 'the host asks for fewer requests',
    advice: 'Use fewer lanes, or wait until its limit is reset.',
    retry: true,
  },
  'too-large': {
    message: 'the repository is larger than the limit',
    advice: 'Raise the limit of bytes for one mirror, if the disk has room.',
    retry: false,
  },
  'too-many-refs': {
    message: 'the repository has more refs than the limit',
    advice: 'Raise the limit of refs for one mirror, or delete branches and tags that nobody needs.',
    retry: false,
  },
  'disk-full': {
    message: 'the disk of the cache is full, or nearly so',
    advice: 'Make room, lower the budget of the cache, or put the cache on a larger disk.',
    retry: true,
  },
  timeout: {
    message: 'git took longer than allowed, or nothing came for too long',
    advice: 'Try again. If it stays so, raise the limit of time.',
    retry: true,
  },
  aborted: { message: 'the run was stopped', advice: 'Start the run again: it goes on where it was.', retry: true },
  unreachable: {
    message: 'the host cannot be reached, broke off or answered with an error of its own',
    advice: 'Check the network, the proxy, the certificate of the host and its status page, and try again.',
    retry: true,
  },
  locked: {
    message: 'another process is refreshing the same mirror and did not end in time',
    advice: 'Wait for it. If no such process exists on that machine any more, delete the lock file that is named.',
    retry: true,
  },
  'no-git': {
    message: 'git was not found or could not be started',
    advice: 'Install git 2.30 or newer and put it on PATH.',
    retry: false,
  },
  broken: {
    message: 'what the host sent is damaged or malformed, and git refused it',
    advice:
      'Try git clone --bare by hand and read what it says. An old and honest repository may only need object checks off.',
    retry: false,
  },
};

/** What is said of a failure. Nothing of it comes from a server. */
export function wordsOf(reason: MirrorReason): Words {
  return WORDS[reason];
}

/** Says why a file of the cache could not be written or removed. */
export function explainDisk(error: unknown): MirrorReason {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EROFS' ? 'disk-full' : 'broken';
}
