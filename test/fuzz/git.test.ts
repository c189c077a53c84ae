import { afterAll } from 'vitest';
import { fuzzAll } from './shared/fuzz.ts';
import { makeStore } from './shared/store.ts';
import { gitTargets } from './targets/git.ts';

const store = makeStore();
afterAll(() => store.remove());

fuzzAll(gitTargets(store));
