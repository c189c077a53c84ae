import { describe, expect, it } from 'vitest';
import { correlate } from '../../src/correlate/correlate.ts';
import type { JoinKey } from '../../src/model/identity.ts';
import type { Location } from '../../src/model/location.ts';
import { headOf } from '../../src/model/rule-head.ts';
import { identityOf, inputOf, matchOf, place, ruleOf } from './build.ts';

const RULES = new Map([['acme-token', headOf(ruleOf('acme-token'))]]);

/** What the secret of a state opens, and how many nodes there are. */
function open(where: Location, identities: readonly ReturnType<typeof identityOf>[], keys: readonly JoinKey[] = []) {
  const matches = [matchOf('acme-token', 'correct-horse-battery', where, { keys })];
  const joined = correlate(inputOf({ rules: RULES, identities, matches }));
  const [group] = joined.groups;
  return { id: group?.identityId, confidence: group?.identityConfidence, nodes: joined.identities.length };
}

const valueAt = (where: string): JoinKey => ({ kind: 'declared-value', value: `acme/app:a.tfstate:${where}` });

describe('values of declared credentials', () => {
  const first = identityOf('access_key', 'key:1', {}, [valueAt('4:10-4:60'), valueAt('9:1-9:20')]);
  const second = identityOf('access_key', 'key:2', {}, [valueAt('4:70-4:120')]);
  const both = [second, first];

  it('are the secrets at their places, also where many stand on a line', () => {
    const at = (startColumn: number, endColumn: number) =>
      open(place('a.tfstate', 4, { startColumn, endColumn }), both).id;
    expect(at(11, 59)).toBe('key:1');
    expect(at(71, 119)).toBe('key:2');
    expect(at(61, 69)).toMatch(/^credential:/);
    expect(at(1, 9)).toMatch(/^credential:/);
    expect(at(50, 65)).toMatch(/^credential:/);
    expect(open(place('a.tfstate', 9, { startColumn: 2, endColumn: 19 }), both)).toEqual({
      id: 'key:1',
      confidence: 'proven',
      nodes: 2,
    });
  });

  it('say nothing of another file, another repository, or another version', () => {
    const span = { startColumn: 11, endColumn: 59 };
    const others = [
      place('b.tfstate', 4, span),
      place('a.tfstate', 4, { ...span, repository: 'acme/other' }),
      place('a.tfstate', 4, { ...span, commit: 'c1' }),
    ];
    for (const other of others) expect(open(other, both).id).toMatch(/^credential:/);
    expect(open(place('a.tfstate', 4, { ...span, commit: 'c1', present: true }), both).id).toBe('key:1');
  });

  it('may be written damaged', () => {
    const odd = identityOf('access_key', 'key:3', {}, [valueAt('x'), { kind: 'declared-value', value: '' }]);
    expect(open(place('a.tfstate', 4), [odd]).id).toMatch(/^credential:/);
  });
});

describe('private keys and certificates', () => {
  const print: JoinKey = { kind: 'public-key-fingerprint', value: 'sha256:01' };
  const thumbprint: JoinKey = { kind: 'certificate-thumbprint', value: 'ab' };
  const listed = identityOf('azure_client_certificate', 'azure:client-certificate:1', {}, [thumbprint]);

  it('lead to who lists the certificate by its thumbprint alone', () => {
    const certificate = identityOf('x509_certificate', 'certificate:ab', {}, [thumbprint, print]);
    const opened = open(place('a.key', 1), [certificate, listed], [print]);
    expect(opened).toEqual({ id: 'azure:client-certificate:1', confidence: 'proven', nodes: 2 });
  });

  it('lead nowhere without a certificate of the same key', () => {
    const other = identityOf('x509_certificate', 'certificate:ab', {}, [thumbprint, { ...print, value: 'sha256:02' }]);
    expect(open(place('a.key', 1), [other, listed], [print]).id).toMatch(/^credential:|^key:/);
  });
});
