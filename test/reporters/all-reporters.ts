import { reporterLoaders } from '../../src/reporters/loaders.generated.ts';

const modules = await Promise.all([...reporterLoaders.values()].map((load) => load()));

/** Every reporter, loaded. */
export const reporters = modules.map((module) => module.default);
