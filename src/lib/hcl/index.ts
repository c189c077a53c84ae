export { attributeNamed, childBodies } from './body.ts';
export { evaluate } from './evaluate.ts';
export { readHclJson, readJsonValues } from './json.ts';
export { readHcl } from './read.ts';
export type { HclBlock, HclBody, HclEntry, HclFile, HclLimits, HclProblem, HclSpan, HclValue } from './types.ts';
export { HCL_LIMITS } from './types.ts';
