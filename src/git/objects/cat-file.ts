import type { ByteSource } from '../process/byte-source.ts';
import { GitError } from '../process/error.ts';
import type { Git } from '../process/open.ts';
import { type GitProcess, startGit } from '../process/process.ts';

const WRITE_BATCH = 512;
const MAX_RESTARTS = 50;
/**
 * For each object that it cannot read, git searches the whole store. That takes 10 ms, and a hostile pack has a
 * million.
 */
const MAX_UNREADABLE = 2_000;

export type ObjectType = 'blob' | 'commit' | 'tag' | 'tree';
export type ObjectFailure = 'missing' | 'corrupt' | 'too-large' | 'timeout' | 'limit';

/** What became of one requested object. Every id gets exactly one answer, in the order of the requests. */
export type ObjectAnswer =
  | { readonly oid: string; readonly type: ObjectType; readonly bytes: Buffer }
  | { readonly oid: string; readonly failure: ObjectFailure; readonly size?: number };

/**
 * Reads objects through one `git cat-file --batch`. Objects over `maxBytes` are skipped without being kept in memory.
 * If git dies of a broken object, that object is answered `corrupt` and git is started again for the rest: 50 times at
 * most, then the rest is answered `corrupt`, too. After a time-out the rest is answered `timeout`. After 2,000 objects
 * that git does not have, the rest is answered `limit`. `started`: a process of `startObjects` that is used first.
 * @throws GitError where git cannot start, the folder is no repository or the run is cancelled
 */
export async function* readObjects(
  git: Git,
  oids: Iterable<string>,
  options: { readonly maxBytes: number; readonly started?: GitProcess },
): AsyncGenerator<ObjectAnswer> {
  const requests = new Requests(oids);
  for (let run = 0; requests.left(); run += 1) {
    if (run > MAX_RESTARTS) {
      yield* requests.failAll('corrupt');
      return;
    }
    const child = (run === 0 ? options.started : undefined) ?? startObjects(git);
    const failure = yield* readRun(child, requests, options.maxBytes);
    const oid = failure ? requests.answered() : undefined;
    if (failure && oid !== undefined) yield { oid, failure };
    if (failure === 'timeout') yield* requests.failAll('timeout');
    if (requests.unreadable > MAX_UNREADABLE) yield* requests.failAll('limit');
  }
}

/** Starts the process that `readObjects` uses. For a caller that does not know yet which objects it needs. */
export function startObjects(git: Git): GitProcess {
  return startGit(git, ['cat-file', '--batch', '--buffer']);
}

/** Runs one git process. Returns why it ended before all requests were answered. */
async function* readRun(
  child: GitProcess,
  requests: Requests,
  maxBytes: number,
): AsyncGenerator<ObjectAnswer, ObjectFailure | undefined> {
  const writing = writeRequests(child, requests);
  try {
    for (;;) {
      const answer = await readAnswer(child.output, maxBytes);
      if (answer === undefined) break;
      requests.answered();
      yield answer;
      if ('failure' in answer && answer.failure === 'missing') requests.unreadable += 1;
      if (requests.unreadable > MAX_UNREADABLE) return undefined;
    }
    await writing;
    await child.ended();
    return requests.left() ? 'corrupt' : undefined;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    if (error.failure === 'timeout') return 'timeout';
    if (error.failure !== 'failed') throw error;
    return 'corrupt';
  } finally {
    child.stop();
  }
}

async function readAnswer(output: ByteSource, maxBytes: number): Promise<ObjectAnswer | undefined> {
  const line = await output.line();
  if (line === undefined) return undefined;
  const [oid = '', type = '', sizeText = ''] = line.toString('latin1').split(' ');
  if (type === 'missing' || type === 'ambiguous') return { oid, failure: 'missing' };
  const size = Number(sizeText);
  if (size > maxBytes) {
    return (await output.drop(size + 1)) ? { oid, failure: 'too-large', size } : undefined;
  }
  const bytes = await output.take(size);
  if (bytes === undefined || !(await output.drop(1))) return undefined;
  return { oid, type: type as ObjectType, bytes };
}

/** Writes ids while answers are read, so that neither pipe can block the other. */
async function writeRequests(child: GitProcess, requests: Requests): Promise<void> {
  const { stdin } = child;
  for (let batch = requests.resend(); batch.length > 0 && !stdin.destroyed; batch = requests.take(WRITE_BATCH)) {
    if (!stdin.write(`${batch.join('\n')}\n`)) await drained(stdin);
  }
  stdin.end();
}

async function drained(stdin: NodeJS.WritableStream): Promise<void> {
  await new Promise<void>((resolve) => {
    const settle = () => {
      stdin.removeListener('drain', settle);
      stdin.removeListener('close', settle);
      resolve();
    };
    stdin.once('drain', settle);
    stdin.once('close', settle);
  });
}

/** The ids that git has not answered yet, and those that are still to be requested. */
class Requests {
  /** How many objects git said it does not have. */
  unreadable = 0;
  readonly #source: Iterator<string>;
  #sent: string[] = [];
  #answered = 0;
  #next: IteratorResult<string>;

  constructor(oids: Iterable<string>) {
    this.#source = oids[Symbol.iterator]();
    this.#next = this.#source.next();
  }

  left(): boolean {
    return this.#answered < this.#sent.length || this.#next.done !== true;
  }

  /** Returns what a new process must be asked first: the open requests of the one before, or a first batch. */
  resend(): readonly string[] {
    this.#compact();
    return this.#sent.length > 0 ? [...this.#sent] : this.take(WRITE_BATCH);
  }

  take(count: number): readonly string[] {
    const batch: string[] = [];
    while (batch.length < count && !this.#next.done) {
      batch.push(this.#next.value);
      this.#next = this.#source.next();
    }
    if (this.#answered > WRITE_BATCH * 8) this.#compact();
    this.#sent.push(...batch);
    return batch;
  }

  /** Marks the oldest open request as answered and returns it. */
  answered(): string | undefined {
    const oid = this.#sent[this.#answered];
    if (oid === undefined) return this.take(1)[0] === undefined ? undefined : this.answered();
    this.#answered += 1;
    return oid;
  }

  *failAll(failure: ObjectFailure): Generator<ObjectAnswer> {
    while (this.left()) {
      const oid = this.answered();
      if (oid !== undefined) yield { oid, failure };
    }
  }

  #compact(): void {
    this.#sent = this.#sent.slice(this.#answered);
    this.#answered = 0;
  }
}
