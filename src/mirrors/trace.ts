import { readTreeFile } from '../lib/files/tree-file.ts';
import type { MirrorReason } from './contract.ts';

/** A trace is a few kilobytes. */
const MOST_TRACE = 4 * 1024 * 1024;
/** The first git that says which protocol it agreed on. */
const OLDEST_MAJOR = 2;
const OLDEST_MINOR = 34;

/** Reads what git wrote to the file that `GIT_TRACE2_EVENT` names. Empty where it wrote nothing. */
export function readTrace(file: string): string {
  const read = readTreeFile(file, MOST_TRACE);
  return read.state === 'read' ? read.bytes.toString('latin1') : '';
}

/**
 * Counts the requests that git made to the host: one that opens the talk, one for the list of refs in version 2 of the
 * protocol, and one for each round about objects. 0 where git did not come so far as to ask.
 */
export function countRequests(trace: string): number {
  if (!/"argv":\["git","remote-https?"/.test(trace)) return 0;
  const version = versionOf(trace);
  if (version === undefined) return 1;
  const enters = trace.split('\n').filter((line) => line.includes('"event":"region_enter"'));
  const rounds = enters.filter(
    (line) => line.includes('"category":"negotiation_v') && line.includes('"label":"round"'),
  );
  return (version === '2' ? 2 : 1) + rounds.length;
}

/**
 * Why git that succeeded did not talk to git at the other end. Git takes any page that a web server, a proxy or a login
 * answers for an old server without refs, and so for an empty repository. Undefined where it did talk.
 */
export function explainSilence(trace: string): MirrorReason | undefined {
  if (versionOf(trace) !== undefined) return undefined;
  const [, major, minor] = /"event":"version"[^\n]{0,400}"exe":"(\d{1,6})\.(\d{1,6})/.exec(trace) ?? [];
  const isOld = Number(major) * 1000 + Number(minor) < OLDEST_MAJOR * 1000 + OLDEST_MINOR;
  return isOld ? 'no-git' : 'broken';
}

/**
 * Ends what a git that was stopped has left behind: a helper that waits for a silent server does not notice that its
 * parent is gone. Every process of git names itself in the trace, and says when it ends.
 */
export function endHelpers(trace: string): void {
  for (const pid of runningIn(trace)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended meanwhile.
    }
  }
}

/** Numbers of the processes that began and did not end, as far as a trace tells. */
export function runningIn(trace: string): number[] {
  const running = new Map<string, number>();
  for (const line of trace.split('\n')) {
    const [, event, session, pid] =
      /^\{"event":"([a-z_]{1,40})","sid":"([^"]{1,1000}-P([0-9a-f]{8,16}))"/.exec(line) ?? [];
    if (event === undefined || session === undefined || pid === undefined) continue;
    if (event === 'atexit' || event === 'exit' || event === 'signal') running.delete(session);
    else if (event === 'version') running.set(session, Number.parseInt(pid, 16));
  }
  return [...running.values()];
}

function versionOf(trace: string): string | undefined {
  return /"key":"negotiated-version","value":"(\d)"/.exec(trace)?.[1];
}
