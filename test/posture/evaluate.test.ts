import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/model/json.ts';
import type { Condition, PostureRule } from '../../src/model/rule.ts';
import { postureHeadOf } from '../../src/model/rule-head.ts';
import { DEFAULT_THRESHOLDS } from '../../src/model/thresholds.ts';
import { checkPostureExamples, identityOfExample } from '../../src/posture/check-examples.ts';
import { checkPostureRules, evaluatePosture, renderMessage } from '../../src/posture/evaluate.ts';
import { operators } from '../../src/posture/operators/index.generated.ts';

const CONTEXT = { now: new Date('2026-06-01T00:00:00Z'), thresholds: DEFAULT_THRESHOLDS };

const YES: Condition = { attribute: 'yes', operator: 'is', operand: true };
const NO: Condition = { attribute: 'no', operator: 'is', operand: true };
const OPEN: Condition = { attribute: 'open', operator: 'is', operand: true };

function ruleOf(when: Condition, changes: Partial<PostureRule> = {}): PostureRule {
  return {
    id: 'sample-rule',
    title: 'Sample',
    types: ['deploy_key'],
    when,
    severity: 'medium',
    confidence: 'high',
    owasp: [],
    message: '{name}',
    why: '',
    remediation: '',
    references: [],
    tags: [],
    examples: { fail: [], pass: [], notAssessed: [] },
    source: 'sample.yaml:1',
    ...changes,
  };
}

function keyOf(attributes: Readonly<Record<string, Json>>, type = 'deploy_key') {
  return identityOfExample({ type, attributes }, CONTEXT.now);
}

function outcome(when: Condition): string {
  const [count] = evaluatePosture(
    [postureHeadOf(ruleOf(when))],
    [keyOf({ yes: true, no: false })],
    operators,
    CONTEXT,
  ).counts;
  if (count === undefined) return 'nothing';
  return count.fail > 0 ? 'fail' : count.pass > 0 ? 'pass' : count.notAssessed > 0 ? 'not-assessed' : 'nothing';
}

describe('evaluatePosture', () => {
  const LOGIC: readonly (readonly [string, Condition, string])[] = [
    ['true', YES, 'fail'],
    ['false', NO, 'pass'],
    ['unknown', OPEN, 'not-assessed'],
    ['not true', { not: YES }, 'pass'],
    ['not false', { not: NO }, 'fail'],
    ['not unknown', { not: OPEN }, 'not-assessed'],
    ['true and true', { all: [YES, YES] }, 'fail'],
    ['true and false', { all: [YES, NO] }, 'pass'],
    ['true and unknown', { all: [YES, OPEN] }, 'not-assessed'],
    ['false and unknown', { all: [OPEN, NO] }, 'pass'],
    ['false or true', { any: [NO, YES] }, 'fail'],
    ['false or false', { any: [NO, NO] }, 'pass'],
    ['false or unknown', { any: [NO, OPEN] }, 'not-assessed'],
    ['true or unknown', { any: [OPEN, YES] }, 'fail'],
    ['nested', { all: [{ any: [OPEN, YES] }, { not: { all: [NO, OPEN] } }] }, 'fail'],
    ['unknown operator', { attribute: 'yes', operator: 'resembles', operand: true }, 'not-assessed'],
    ['a name of the prototype', { attribute: 'constructor', operator: 'exists', operand: true }, 'pass'],
    ['absence', { attribute: 'open', operator: 'exists', operand: false }, 'fail'],
  ];

  it.each(LOGIC)('%s', (_, condition, expected) => {
    expect(outcome(condition)).toBe(expected);
  });

  it('counts every identity of the types once, and names the failures', () => {
    const bad = keyOf({ yes: true });
    const identities = [bad, keyOf({ yes: false }), keyOf({}), keyOf({ yes: true }, 'webhook')];
    const rule = ruleOf(YES, { types: ['deploy_key', 'deploy_key'] });
    const result = evaluatePosture([postureHeadOf(rule)], identities, operators, CONTEXT);
    expect(result.counts).toEqual([{ ruleId: 'sample-rule', fail: 1, pass: 1, notAssessed: 1 }]);
    expect(result.failures).toEqual([{ rule, identity: bad }]);
  });

  it('gives a count of zeros to a rule without identities', () => {
    const result = evaluatePosture([postureHeadOf(ruleOf(YES))], [], operators, CONTEXT);
    expect(result.counts).toEqual([{ ruleId: 'sample-rule', fail: 0, pass: 0, notAssessed: 0 }]);
  });
});

describe('checkPostureRules', () => {
  it('names the file, the rule and what to write instead', () => {
    const when: Condition = {
      all: [
        { attribute: 'createdAt', operator: 'older', operand: 90 },
        { not: { attribute: 'createdAt', operator: 'older-than', operand: 'rotation.days' } },
        { any: [] },
      ],
    };
    const problems = checkPostureRules([ruleOf(when)], operators);
    expect(problems).toHaveLength(3);
    expect(problems[0]).toMatch(
      /^sample\.yaml:1: sample-rule: "createdAt" has the unknown operator "older"; use one of /,
    );
    expect(problems[1]).toMatch(/operand of "older-than" on "createdAt" must be a number of days/);
    expect(problems[2]).toMatch(/"any" is empty/);
  });

  it('refuses conditions that are nested without end', () => {
    let when: Condition = YES;
    for (let depth = 0; depth < 40; depth += 1) when = { not: when };
    expect(checkPostureRules([ruleOf(when)], operators)).toEqual([expect.stringContaining('nested')]);
  });

  it('has nothing to say about a sound rule', () => {
    expect(checkPostureRules([ruleOf({ all: [YES, { any: [NO, OPEN] }] })], operators)).toEqual([]);
  });
});

describe('checkPostureExamples', () => {
  it('says which example gives another outcome than it promises', () => {
    const example = (attributes: Readonly<Record<string, Json>>, type = 'deploy_key') => ({ type, attributes });
    const examples = {
      fail: [example({ yes: true }), example({ yes: false })],
      pass: [example({ yes: false })],
      notAssessed: [example({}), example({}, 'webhook')],
    };
    expect(checkPostureExamples([ruleOf(YES, { examples })], operators, CONTEXT)).toEqual([
      'sample.yaml:1: sample-rule: example fail[1] gives "pass"',
      'sample.yaml:1: sample-rule: example not-assessed[1] gives "not applied"',
    ]);
  });
});

describe('identityOfExample', () => {
  it('reads dates relative to now, so that an example never ages', () => {
    const { attributes } = keyOf({ past: 'now-90d', future: 'now+10d', text: 'now', count: 3 });
    expect(Object.values(attributes).map((one) => one.value)).toEqual([
      '2026-03-03T00:00:00.000Z',
      '2026-06-11T00:00:00.000Z',
      'now',
      3,
    ]);
  });
});

describe('renderMessage', () => {
  const render = (message: string, attributes: Readonly<Record<string, Json>>, name = 'key-1') =>
    renderMessage({ message }, { ...keyOf(attributes), name });

  it('fills in names and attributes', () => {
    const text = render('{name} of {account} ({type}): {readOnly}, {keyBits} bits, {lastUsedAt}', {
      readOnly: false,
      keyBits: 1024,
    });
    expect(text).toBe('key-1 of example (deploy_key): no, 1024 bits, unknown');
  });

  it('shows dates as days', () => {
    expect(render('{at}', { at: '2026-02-03T04:05:06.000Z' })).toBe('2026-02-03');
  });

  it('shows lists and structures in bounds', () => {
    const many = Array.from({ length: 9 }, (_, index) => `p${index}`);
    expect(render('{list}', { list: many })).toBe('p0, p1, p2, p3, p4 and 4 more');
    expect(render('{list}', { list: [] })).toBe('none');
    expect(render('{deep}', { deep: { a: [1] } })).toBe('{"a":[1]}');
    expect(render('{long}', { long: 'x'.repeat(5_000_000) })).toHaveLength(160);
  });

  it('takes control and direction characters out of names, and never fills in twice', () => {
    expect(render('{name}!', {}, 'a\u001b[31m\n\u202Eb')).toBe('a [31m b!');
    expect(render('{name}', { secret: 'no' }, '{secret}')).toBe('{secret}');
  });
});

describe('general rules', () => {
  const general = ruleOf(YES, { id: 'general', types: ['any'], owasp: ['NHI5'], yieldsTo: ['NHI5'] });
  const narrow = ruleOf(YES, { id: 'narrow', owasp: ['NHI5'] });
  const other = ruleOf(YES, { id: 'other', owasp: ['NHI7'] });
  const failuresOf = (rules: readonly PostureRule[], ...keys: ReturnType<typeof keyOf>[]) => {
    const { failures, counts } = evaluatePosture(rules.map(postureHeadOf), keys, operators, CONTEXT);
    return { ids: failures.map(({ rule, identity }) => `${rule.id} ${identity.type}`), counts };
  };

  it('apply to identities, credentials and policies, and not to consumers or people', () => {
    const types = ['deploy_key', 'iam_role', 'iam_policy', 'workflow', 'person'];
    const { ids } = failuresOf([general], ...types.map((type) => keyOf({ yes: true }, type)));
    expect(ids).toEqual(['general deploy_key', 'general iam_role', 'general iam_policy']);
  });

  it('are silent where a narrower rule of the same OWASP id fails, and only there', () => {
    expect(failuresOf([general, narrow], keyOf({ yes: true })).ids).toEqual(['narrow deploy_key']);
    expect(failuresOf([general, other], keyOf({ yes: true })).ids).toEqual(['general deploy_key', 'other deploy_key']);
    const { counts } = failuresOf([general, narrow], keyOf({ yes: true }));
    expect(counts[0]).toMatchObject({ ruleId: 'general', fail: 0, pass: 1 });
  });
});
