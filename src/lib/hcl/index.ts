export { attributeNamed, childBodies } from './body.ts';
export { evaluate } from './evaluate.ts';
export { readHclJson, readJsonBody, readJsonValues } from './json.ts';
export { readHcl } from './read.ts';
export { selectedFrom } from './repeat.ts';
export type {
  HclBlock,
  HclBody,
  HclEntry,
  HclFile,
  HclLimits,
  HclProblem,
  HclRepeat,
  HclSpan,
  HclValue,
} from './types.ts';
export { HCL_LIMITS } from './types.ts';
