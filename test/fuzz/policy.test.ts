import { fuzzAll } from './shared/fuzz.ts';
import { POLICY } from './targets/policy.ts';

fuzzAll(POLICY);
