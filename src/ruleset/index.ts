/** What the library and the build use of ruleset. YAML and schemas are loaded on the first call only. */
export { loadBuiltinCatalogue } from './builtin.ts';
export { serialiseCatalogue, serialiseExamples } from './catalogue.ts';
export { loadCatalogue } from './load.ts';
