import { createContext, Script } from 'node:vm';

/** Runs synchronous work under a time limit. V8 stops even a regular expression in the middle of its work. */
export interface TimeLimit {
  /** What `work` gives; undefined where it took longer than `limit` ms. Errors of `work` are thrown as ever. */
  run<T>(work: () => T, limit: number): T | undefined;
}

export function createTimeLimit(): TimeLimit {
  const sandbox: { work: (() => unknown) | undefined } = { work: undefined };
  const context = createContext(sandbox);
  const script = new Script('work()');
  return {
    run<T>(work: () => T, limit: number): T | undefined {
      sandbox.work = work;
      try {
        return script.runInContext(context, { timeout: limit }) as T;
      } catch (error) {
        if (isTimeout(error)) return undefined;
        throw error;
      }
    },
  };
}

/** The error belongs to the other context, so it is no `instanceof Error` here. */
export function isTimeout(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  return error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
