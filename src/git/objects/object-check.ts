import type { Git } from '../process/open.ts';
import { type GitProcess, startGit } from '../process/process.ts';

/** What a name stands for. Undefined if the store does not have it, or if git cannot read it. */
export type CheckedObject = { readonly id: string; readonly type: string } | undefined;

/** Names in one request. Their answers fit into a pipe, so neither side can block the other. */
const BATCH = 512;
/** For each object that it cannot read, git searches the whole store: 10 ms. */
const MAX_UNREADABLE = 2_000;

/**
 * Asks one git process which objects exist. Answers several questions, starts with the first one, and must be ended
 * with `stop`.
 */
export class ObjectCheck {
  readonly #git: Git;
  #child: GitProcess | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #unreadable = 0;

  constructor(git: Git) {
    this.#git = git;
  }

  /**
   * Returns what some ids or revisions stand for, in order. After 2,000 that git does not have, the rest counts as
   * absent.
   * @throws GitError where git cannot run or ends before it has answered
   */
  ask(names: readonly string[]): Promise<CheckedObject[]> {
    const answers = this.#last.then(() => this.#askAll(names));
    this.#last = answers.catch(ignoreHere);
    return answers;
  }

  stop(): void {
    this.#child?.stop();
  }

  async #askAll(names: readonly string[]): Promise<CheckedObject[]> {
    const objects: CheckedObject[] = [];
    for (let at = 0; at < names.length && this.#unreadable < MAX_UNREADABLE; at += BATCH) {
      const batch = names.slice(at, at + BATCH);
      const child = this.#start();
      child.stdin.write(`${batch.join('\n')}\n`);
      for (const _ of batch) objects.push(await this.#answer(child));
    }
    return names.map((_, i) => objects[i]);
  }

  #start(): GitProcess {
    this.#child ??= startGit(this.#git, ['cat-file', '--batch-check=%(objectname) %(objecttype)']);
    return this.#child;
  }

  async #answer(child: GitProcess): Promise<CheckedObject> {
    const line = await child.output.line();
    if (line === undefined) {
      // This throws with the reason why it ended.
      await child.ended();
      return undefined;
    }
    const [, id, type] = /^([0-9a-f]{40,64}) (commit|tree|blob|tag)$/.exec(line.toString('latin1')) ?? [];
    if (id !== undefined && type !== undefined) return { id, type };
    this.#unreadable += 1;
    return undefined;
  }
}

/** The caller of `ask` sees the failure. */
function ignoreHere(): void {}
