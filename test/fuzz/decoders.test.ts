import { fuzzAll } from './shared/fuzz.ts';
import { DECODERS } from './targets/decoders.ts';

fuzzAll(DECODERS);
