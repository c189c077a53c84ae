/** What the library and the build use of ruleset. YAML and schemas are loaded on the first call only. */
export { loadBuiltinCatalogue } from './catalogue/builtin.ts';
export { serialiseExamples } from './catalogue/catalogue.ts';
export { serialiseCatalogue } from './catalogue/catalogue-file.ts';
export { loadCatalogue } from './load.ts';
