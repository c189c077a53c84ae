import { outputLoaders } from '../../src/outputs/loaders.generated.ts';

const modules = await Promise.all([...outputLoaders.values()].map((load) => load()));

/** Every output, loaded. */
export const outputs = modules.map((module) => module.default);
