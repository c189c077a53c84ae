import { Worker } from 'node:worker_threads';
import type { Job, PartResult, ThreadData, ThreadMessage, ThreadSetup } from './messages.ts';

/** How many threads there may be, and what they are made of. */
export interface ThreadOptions {
  /** Script of a thread, absolute. */
  readonly file: string;
  /** Most threads beside the first one. */
  readonly most: number;
  /** True: the user asked for them, so they start with the first work, however small it looks. */
  readonly eager: boolean;
  /** What a thread is made with, asked for when the first one is started. */
  readonly setup: () => ThreadSetup;
}

/** Packs of so many bytes take a second or more. */
const SURELY_WORTH = 16 * 1024 * 1024;
/**
 * Threads that help with work without artifacts. Each has a copy of all that the work is about (60 MB of an account
 * with 10,000 principals), and the first thread, which puts the results together, keeps up with one of them.
 */
const WITHOUT_ARTIFACTS = 1;

/** Takes results of parts as they come. */
export type TakeResult = (result: PartResult) => void;

/**
 * Threads that help with shared work. None is started before one is wanted. A thread that dies leaves its part undone.
 */
export class Threads {
  readonly #options: ThreadOptions;
  readonly #failures: string[] = [];
  readonly #members: Member[] = [];
  #eager: boolean;
  #jobs = 0;

  constructor(options: ThreadOptions) {
    this.#eager = options.eager;
    this.#options = options;
  }

  /** True: they help with the first work, without a look at how long it takes. */
  get eager(): boolean {
    return this.#eager;
  }

  /** Starts the threads where shared work over so many stored bytes, which is to follow, is sure to be worth it. */
  expect(bytes: number, artifacts: boolean): void {
    if (bytes < SURELY_WORTH) return;
    this.#eager = true;
    this.#start(artifacts);
  }

  /** Kinds of the errors that ended threads, without their texts: those could hold a part of what was read. */
  get failures(): readonly string[] {
    return this.#failures;
  }

  /** Whether starting them has been paid for. */
  get started(): boolean {
    return this.#members.length > 0;
  }

  /** Lets the threads help. Resolves when none of them has anything left to do of it. */
  async help(job: Omit<Job, 'job'>, take: TakeResult): Promise<void> {
    const members = this.#start(job.artifacts);
    this.#jobs += 1;
    const number = this.#jobs;
    await Promise.all(members.map((member) => member.run({ ...job, job: number }, take)));
  }

  #start(artifacts: boolean): readonly Member[] {
    const { most, file, setup } = this.#options;
    const wanted = artifacts ? most : Math.min(most, WITHOUT_ARTIFACTS);
    if (this.#members.length < wanted) {
      const data: ThreadData = { setup: setup(), artifacts };
      while (this.#members.length < wanted) this.#members.push(new Member(file, data, this.#failures));
    }
    return artifacts ? this.#members : this.#members.slice(0, wanted);
  }

  /** Ends all threads; resolves when they no longer touch any file or memory. */
  async stop(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.stop()));
  }
}

/** One thread. */
class Member {
  readonly #worker: Worker;
  #alive = true;
  #finish: (() => void) | undefined;
  #take: TakeResult | undefined;
  #job = 0;

  constructor(file: string, data: ThreadData, failures: string[]) {
    // No environment: nothing in a thread may depend on it.
    this.#worker = new Worker(file, { workerData: data, env: {}, execArgv: [], stdin: false });
    this.#worker.on('message', (message: ThreadMessage) => this.#hear(message));
    // Whatever ends a thread, the first thread reads what is missing then: and tells what is wrong with it, if it is
    // not the thread.
    const fail = (kind: string): void => {
      if (this.#alive) failures.push(kind);
      this.#end();
    };
    this.#worker.on('error', (error) => fail(kindOf(error)));
    this.#worker.on('messageerror', (error) => fail(kindOf(error)));
    this.#worker.on('exit', (code) => fail(`exit ${code}`));
  }

  run(job: Job, take: TakeResult): Promise<void> {
    return new Promise((resolve) => {
      if (!this.#alive) {
        resolve();
        return;
      }
      this.#take = take;
      this.#finish = resolve;
      this.#job = job.job;
      this.#worker.postMessage(job);
    });
  }

  async stop(): Promise<void> {
    this.#end();
    await this.#worker.terminate();
  }

  #hear(message: ThreadMessage): void {
    if (!this.#alive || message.job !== this.#job) return;
    if (message.kind === 'idle') this.#finish?.();
    else for (const result of message.results) this.#take?.(result);
  }

  #end(): void {
    this.#alive = false;
    this.#finish?.();
  }
}

function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return 'Error';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
