import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compareCatalogues, makeVendorRules } from '../../../src/build/bench/catalogue.ts';
import { makeCorpus } from '../../../src/build/budget/corpus.ts';
import { knownNames } from '../../../src/engine/plan/known-names.ts';
import { readRules } from '../../../src/model/rule-head.ts';
import { inspectRules } from '../../../src/ruleset/load.ts';
import { makeRule } from '../../detect/make-rule.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
/** Bytes of the automaton's table: about a second-level cache. States near the root stand together and are the ones that are visited. */
const TABLE_MOST = 1.25 * 1024 * 1024;
/** Share of the look-ups that the first-level cache can serve: what makes many rules as fast as few. */
const NEAR_LEAST = 0.95;
/** Milliseconds for compiling all rules on a busy machine. */
const COMPILE_MOST = 240_000;

test(
  'two thousand rules more cost hardly more work: counted on the budget corpus',
  async () => {
    const { catalogue } = await inspectRules({ builtinDir: join(ROOT, 'rules'), known: knownNames() });
    const rules = readRules(catalogue.detection);
    const made = makeVendorRules(2000, makeRule({ pattern: '(?<secret>x)', provider: 'made' }));
    const corpus = makeCorpus(ROOT);
    const [small, large] = await compareCatalogues([rules, [...rules, ...made]], corpus);
    if (small === undefined || large === undefined) throw new Error('two catalogues were compared');
    expect(large.rules).toBe(small.rules + 2000);
    expect(large.literals).toBeGreaterThan(small.literals + 1500);
    expect(large.passedHits).toBeLessThan(small.passedHits * 1.05);
    expect(large.literalHits).toBeLessThan(small.literalHits * 1.2);
    expect(large.patternRuns).toBeLessThan(small.patternRuns * 1.05 + 10);
    expect(large.tableBytes).toBeLessThan(TABLE_MOST);
    expect(large.nearLookups).toBeGreaterThan(NEAR_LEAST);
  },
  COMPILE_MOST,
);
