import { fuzzAll } from './shared/fuzz.ts';
import { DECLARATIONS } from './targets/declarations.ts';

fuzzAll(DECLARATIONS);
