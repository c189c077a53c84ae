import { fuzzAll } from './shared/fuzz.ts';
import { PATTERNS } from './targets/patterns.ts';

fuzzAll(PATTERNS);
