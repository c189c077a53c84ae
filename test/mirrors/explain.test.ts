import { describe, expect, it } from 'vitest';
import type { MirrorReason } from '../../src/mirrors/contract.ts';
import { explainGit } from '../../src/mirrors/explain.ts';
import { countRequests, explainSilence, runningIn } from '../../src/mirrors/trace.ts';

const SAID: readonly (readonly [stderr: string, reason: MirrorReason])[] = [
  ['error: copy-fd: write returned: No space left on device\nfatal: cannot copy', 'disk-full'],
  ['fatal: write error: Disk quota exceeded', 'disk-full'],
  ['fatal: Out of memory, malloc failed (tried to allocate 99 bytes)', 'too-large'],
  [
    'fatal: attempting to allocate 314572801 over limit 104857600\nfatal: fetch-pack: invalid index-pack output',
    'too-large',
  ],
  ["remote: Repository not found.\nfatal: repository 'https://h/a/' not found", 'not-found'],
  ["fatal: could not read Username for 'https://h': terminal prompts disabled", 'denied'],
  ["fatal: Authentication failed for 'https://h/a/'", 'denied'],
  ["fatal: unable to access 'https://h/a/': Could not resolve host: h", 'unreachable'],
  ["fatal: unable to access 'https://h/a/': SSL certificate problem: self-signed certificate", 'unreachable'],
  ['error: RPC failed; curl 18 transfer closed with outstanding read data remaining\nfatal: early EOF', 'unreachable'],
  ['error: object 0123456789: hasDotgit: contains .git\nfatal: fsck error in packed object', 'broken'],
  // Text of the server alone decides nothing.
  ['remote: No space left on device\nremote: fatal: Out of memory\nfatal: something else', 'broken'],
  ['remote: this repository is disabled\nfatal: something else', 'broken'],
  ['', 'broken'],
];

describe('what git says', () => {
  it.each(SAID)('%j', (stderr, reason) => {
    expect(explainGit(stderr)).toBe(reason);
  });
});

describe('the trace of git', () => {
  it('that is no trace counts nothing and names no process', () => {
    for (const text of ['', 'nonsense', '{"event":"version"}\n', '{"event":"version","sid":"-Pzzz"}']) {
      expect(countRequests(text)).toBe(0);
      expect(runningIn(text)).toEqual([]);
      expect(explainSilence(text)).toBe('broken');
    }
  });

  it('names processes that began and did not end, and a git that is too old', () => {
    const line = (event: string, session: string, more = '') => `{"event":"${event}","sid":"${session}"${more}}\n`;
    const version = ',"exe":"2.33.9"';
    const text =
      line('version', '20260101-P0000000a', version) +
      line('version', '20260101-P0000000a/20260101-P0000000b') +
      line('start', '20260101-P0000000a/20260101-P0000000c') +
      line('atexit', '20260101-P0000000a');
    expect(runningIn(text)).toEqual([11]);
    expect(explainSilence(text)).toBe('no-git');
  });
});
