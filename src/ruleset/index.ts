/** What other folders use of ruleset. Modules that load YAML or schemas do so on the first call only. */
export { loadBuiltinCatalogue, loadBuiltinWithExamples } from './builtin.ts';
export { makeCatalogue, serialiseCatalogue, serialiseExamples } from './catalogue.ts';
export type { KnownNames } from './known.ts';
export { inspectRules, type LoadOptions, loadCatalogue } from './load.ts';
export { formatProblem, type Problem } from './problems.ts';
export { type SelectOptions, selectRules } from './select.ts';
