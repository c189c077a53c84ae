import { afterAll } from 'vitest';
import { fuzzAll } from './shared/fuzz.ts';
import { compileSchema } from './shared/judged.ts';
import { makeStore } from './shared/store.ts';
import { sourceTargets } from './targets/sources.ts';

const store = makeStore();
afterAll(() => store.remove());

fuzzAll(sourceTargets(store, compileSchema()));
