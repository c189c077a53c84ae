/**
 * How much the heap may grow before V8 collects all of it, percent of what lived then. Left to itself V8 waits for up
 * to four times as much, so that a large report costs more memory in garbage than in itself. Proven with V8 11 alone.
 */
const GROWTH = 80;

/**
 * When a function is compiled with all optimisations, by the version of V8: so many times its own value. Node 20 counts
 * bytes of bytecode that ran; Node 22 and 24 count calls and loops, and 24 has a second compiler. The factors were
 * measured (bench/notes/start-up.md). Any other V8 is left alone, because it complains on standard error about flags
 * that it does not know.
 */
const FLAGS: Readonly<Record<string, (isShort: boolean) => readonly string[]>> = {
  11: (isShort) => [`--interrupt-budget=${(isShort ? 8 : 4) * 66 * 1024}`, `--heap-growing-percent=${GROWTH}`],
  12: () => [`--invocation-count-for-turbofan=${8 * 3_000}`],
  13: () => [`--invocation-count-for-turbofan=${8 * 3_000}`, `--invocation-count-for-maglev=${4 * 400}`],
};

/**
 * Makes V8 wait longer before it compiles a function with all optimisations. That compiler took a quarter of the CPU
 * time of a scan of a small tree, mostly for functions that were hardly called again. A long scan loses nothing: what
 * it runs all the time is compiled a few milliseconds later. Kept code only fits a run with the same flags, so this
 * must happen before it is loaded.
 *
 * Loads `node:v8` here, because a commit that waits needs none of this. `isShort`: the run will hardly take a second.
 */
export function optimiseLater(isShort: boolean): void {
  for (const flag of chooseFlags(isShort)) process.getBuiltinModule('node:v8').setFlagsFromString(flag);
}

/** The flags of V8 that `optimiseLater` sets in this Node. Tests run with them as well: they repeat little, too. */
export function chooseFlags(isShort: boolean): readonly string[] {
  return FLAGS[Number.parseInt(process.versions.v8, 10)]?.(isShort) ?? [];
}
