import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Check, CheckInput, CheckOutcome } from '../../src/detect/contract.ts';
import { expandTemplate } from '../../src/lib/template/expand.ts';
import { evaluate } from '../detect/checks/evaluate.ts';
import { anyText } from '../property/any-text.ts';

/** Forms of values that rules find. Checks of one provider's tokens meet all of them, because a rule can name any check. */
const TEMPLATES = [
  '{hex:32}',
  '{HEX:8}',
  '{base62:40}',
  '{base64:60}==',
  '{base64url:43}',
  '{uuid}',
  '{digits:12}',
  'acme_{base62:36}',
  'ghp_{github-crc:36}',
  'npm_{npm-crc:36}',
  '{github-fine-grained:github_pat_}',
  '{gitlab-routable:gldt-}',
  '{grafana-service-account:glsa_}',
  '{atlassian-crc:ATATT3xFfGF0:170}',
  '{azure-cask:ACOG}',
  '{azure-identifiable:44:+ASb:Manage00}',
  '{aws-key-id:AKIA}',
  '{bech32:age-secret-key-}',
  '{confluent-crc:60}',
  '{discord-id}',
  '{jfrog-reference}',
  '{nats-seed:A}',
  '{pypi-macaroon:test.pypi.org}',
  '{jwt:RS256:sub=x}',
  '{pem:ec}',
  '{openssh-key:deploy@ci}',
  '{pgp-private-key}',
  '{basic-auth}',
  'xoxb-{digits:12}-{digits:12}-{alnum:24}',
  'postgres://app:{alnum:24}@db.acme.example:5432/shop?sslmode=require',
  'sv=2022-11-02&ss=b&sig={base64:43}=&se=2030-01-01T00%3A00%3A00Z&sp=rw',
  '$' + '{{ACME_TOKEN}}',
  'your-api-key-here',
];
/** Shorter parts of a value say nothing about it. */
const TELLING = 8;
/** Longest value that a pattern of ours can match is some kilobytes; this is more. */
const HOSTILE_LENGTH = 20_000;
const QUICK_MS = 1_000;
const NO_SURROUNDINGS = ['before', 'after', 'path'];

/**
 * The suite that every check passes: words for people, an outcome of the contract for any value, no value in a reason or a
 * fact, the same outcome every time, and no look at the surroundings where it says that it reads the value alone.
 */
export function checkContract(check: Check): void {
  const values = TEMPLATES.map((template) => expandTemplate(template, 'contract'));
  const any = fc.oneof(anyText({ maxLength: 200 }), fc.constantFrom(...values), damaged(values));

  describe(`check ${check.id}`, () => {
    it('says what it looks at, and what each option means', () => {
      expect(check.title.length, `title of ${check.id}: write what it looks at, in some words`).toBeGreaterThan(5);
      for (const [option, meaning] of Object.entries(check.options)) {
        expect(meaning.length, `option ${option} of ${check.id}: write what it means`).toBeGreaterThan(5);
      }
    });

    it('gives an outcome of the contract for any value, the same every time', () => {
      fc.assert(
        fc.property(any, (value) => {
          const outcome = evaluate(check, value);
          expectOutcome(check, outcome, value);
          expect(evaluate(check, value), `${check.id} must be pure: the same input, the same outcome`).toEqual(outcome);
        }),
      );
    });

    it('is quick on long values', () => {
      const long = ['x', 'aB3/', '%41', 'eyJ.', '://@', '-----BEGIN '].map((part) =>
        part.repeat(HOSTILE_LENGTH / part.length),
      );
      for (const value of long) {
        const start = performance.now();
        evaluate(check, value);
        const ms = Math.round(performance.now() - start);
        expect(ms, `${check.id} took ${ms} ms for ${HOSTILE_LENGTH} characters; bound its work`).toBeLessThan(QUICK_MS);
      }
    });

    it.runIf(check.reads === 'value')('looks at the value alone, as it says', () => {
      for (const value of values) check.evaluate(withoutSurroundings(check, value));
    });
  });
}

/** Values with one character replaced, and with an end cut off. */
function damaged(values: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...values), fc.nat(200), anyText({ minLength: 1, maxLength: 1 }), fc.boolean())
    .map(([value, at, other, cut]) => (cut ? value.slice(0, at) : value.slice(0, at) + other + value.slice(at + 1)));
}

function expectOutcome(check: Check, outcome: CheckOutcome, value: string): void {
  if (outcome.state === 'not-applicable') return;
  expect(['pass', 'lower', 'drop'], `${check.id}: unknown state`).toContain(outcome.state);
  expect(outcome.reason.length, `${check.id}: a reason of ${outcome.state} must say why, in words`).toBeGreaterThan(8);
  const facts = outcome.state === 'drop' ? {} : (outcome.facts ?? {});
  // Join keys are names: the id of an access key is the whole value, and no secret.
  const { keys: _, ...others } = facts;
  if (value.length >= TELLING) {
    const told = JSON.stringify([outcome.reason, others]);
    expect(told.includes(JSON.stringify(value).slice(1, -1)), `${check.id}: a reason or fact holds the value`).toBe(
      false,
    );
  }
  expect(JSON.parse(JSON.stringify(facts)), `${check.id}: facts must be plain JSON`).toEqual(facts);
}

function withoutSurroundings(check: Check, value: string): CheckInput {
  const inputs: CheckInput[] = [];
  const spy = (given: CheckInput): CheckOutcome => {
    inputs.push(given);
    return { state: 'not-applicable' };
  };
  evaluate({ ...check, reads: 'surroundings', evaluate: spy }, value);
  return new Proxy(inputs[0] as CheckInput, {
    get: (target, name) => {
      const asked = String(name);
      const advice = `${check.id} says reads: 'value' but asks for "${asked}"; leave "reads" out`;
      expect(NO_SURROUNDINGS, advice).not.toContain(asked);
      return Reflect.get(target, name);
    },
  });
}
