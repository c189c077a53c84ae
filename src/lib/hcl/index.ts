export { attributeNamed, type ChildBody, childBodies } from './body.ts';
export { type Evaluated, type EvaluateOptions, evaluate } from './evaluate.ts';
export { type JsonDocument, readHclJson, readJsonValues } from './json.ts';
export { readHcl } from './read.ts';
export {
  HCL_LIMITS,
  type HclAttribute,
  type HclBlock,
  type HclBody,
  type HclEntry,
  type HclFile,
  type HclLimits,
  type HclPosition,
  type HclProblem,
  type HclSpan,
  type HclValue,
} from './types.ts';
