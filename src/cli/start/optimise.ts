/**
 * After this much work, in bytes of bytecode, V8 compiles a function again with all optimisations. V8 waits for 66 KB.
 * Eight times that was the best of 4, 8, 16, 32 and 64 times: measured in bench/notes/start-up.md.
 */
const LATER = 8 * 66 * 1024;

/** The first version of V8 without the flag. */
const WITHOUT_BUDGET = 12;

/**
 * Makes V8 wait longer before it compiles a function with all optimisations. That compiler took a quarter of the CPU
 * time of a scan of a small tree, mostly for functions that were hardly called again. A long scan loses nothing: what
 * it runs all the time is compiled a few milliseconds later. Kept code only fits a run with the same flags, so this
 * must happen before it is loaded. V8 12 (Node 22) measures differently and complains on standard error about the flag,
 * so nothing is changed there.
 *
 * Loads `node:v8` here, because a commit that waits needs none of this.
 */
export function optimiseLater(): void {
  if (Number.parseInt(process.versions.v8, 10) >= WITHOUT_BUDGET) return;
  process.getBuiltinModule('node:v8').setFlagsFromString(`--interrupt-budget=${LATER}`);
}
