/** Work after which V8 compiles a function anew with all optimisations, in bytes of bytecode: its default. */
const USUAL = 66 * 1024;
const LATER = 8 * USUAL;

/**
 * Makes V8 wait longer until it compiles a function with all optimisations. A run of less than half a second is over
 * before most of that has paid: without it, it takes a quarter less CPU time and is sooner done. Compiled code that is
 * kept is only good for a run with the same flags, so this comes before it is loaded. V8 12 (Node 22) has another
 * measure, and says on standard error that it knows no such flag: there nothing is changed.
 */
export function optimiseLater(): void {
  setBudget(LATER);
}

/** For a run that turns out to be long: there every optimisation pays. */
export function optimiseAsUsual(): void {
  setBudget(USUAL);
}

/** The first V8 without the flag. */
const WITHOUT_BUDGET = 12;

/** `node:v8` is loaded here, because hardly any run needs it. */
function setBudget(bytes: number): void {
  if (Number.parseInt(process.versions.v8, 10) >= WITHOUT_BUDGET) return;
  process.getBuiltinModule('node:v8').setFlagsFromString(`--interrupt-budget=${bytes}`);
}
