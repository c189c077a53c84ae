import { afterAll } from 'vitest';
import { fuzzAll } from './shared/fuzz.ts';
import { dumpTargets } from './targets/dumps.ts';

const { targets, remove } = dumpTargets();
afterAll(remove);

fuzzAll(targets);
