/**
 * After this much work, in bytes of bytecode, V8 compiles a function again with all optimisations. This is its default.
 */
const USUAL = 66 * 1024;
const LATER = 8 * USUAL;

/**
 * Makes V8 wait longer before it compiles a function with all optimisations. A run of less than half a second ends
 * before most of that pays: it takes a quarter less CPU time this way. Kept code only fits a run with the same flags,
 * so this must happen before it is loaded. V8 12 (Node 22) measures differently and complains on standard error about
 * the flag, so nothing is changed there.
 */
export function optimiseLater(): void {
  setBudget(LATER);
}

/** Restores the default, for a run that turns out to be long. There every optimisation pays. */
export function optimiseAsUsual(): void {
  setBudget(USUAL);
}

/** The first version of V8 without the flag. */
const WITHOUT_BUDGET = 12;

/** Loads `node:v8` here, because hardly any run needs it. */
function setBudget(bytes: number): void {
  if (Number.parseInt(process.versions.v8, 10) >= WITHOUT_BUDGET) return;
  process.getBuiltinModule('node:v8').setFlagsFromString(`--interrupt-budget=${bytes}`);
}
