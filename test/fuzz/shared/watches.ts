/** Is told what is read, and when it ended. */
export interface Watch {
  start(name: string, input: Uint8Array): void;
  stop(): void;
}

/**
 * Who watches the targets. `watch.ts` joins in the fuzz lane, as a file that is loaded before the tests: it starts a thread, and a
 * test that can start one does not share a thread with others, so no test may import it.
 */
export const watches = new Set<Watch>();
