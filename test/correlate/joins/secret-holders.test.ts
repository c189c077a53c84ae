import { describe, expect, it } from 'vitest';
import secretHolders from '../../../src/correlate/joins/secret-holders.ts';
import { joinContract } from '../../contract/join-contract.ts';
import { edgeLines, identityOf, joinInputOf, place } from '../build.ts';

function declared(type: string, id: string, from: number, to: number) {
  const location = { ...place('.mcp.json', from), endLine: to };
  return identityOf(type, id, {}, [], [{ collector: 'mcp', source: '.mcp.json', location }]);
}

function findingAt(line: number, changes = {}) {
  return { fingerprint: 'f', ruleId: 'acme-token', facts: {}, locations: [place('.mcp.json', line, changes)] };
}

describe('secret-holders', () => {
  const identities = [
    declared('ai_agent', 'agent', 1, 30),
    declared('mcp_server', 'server:a', 3, 9),
    declared('mcp_server', 'server:b', 10, 20),
    declared('repository', 'repository', 1, 30),
  ];
  const join = (line: number, changes = {}) =>
    edgeLines(secretHolders.join(joinInputOf({ identities, findings: [findingAt(line, changes)] })).edges);

  it('names the innermost declaration around the secret', () => {
    expect(join(5)).toEqual(['server:a holds secret:f (strong)']);
    expect(join(12)).toEqual(['server:b holds secret:f (strong)']);
    expect(join(25)).toEqual(['agent holds secret:f (strong)']);
    expect(join(40)).toEqual([]);
  });

  it('guesses the last declaration above where collectors only know where declarations start', () => {
    const points = [declared('mcp_server', 'server:a', 3, 3), declared('mcp_server', 'server:b', 10, 10)];
    const guess = (line: number) =>
      edgeLines(secretHolders.join(joinInputOf({ identities: points, findings: [findingAt(line)] })).edges);
    expect(guess(2)).toEqual([]);
    expect(guess(5)).toEqual(['server:a holds secret:f (inferred)']);
    expect(guess(10)).toEqual(['server:b holds secret:f (strong)']);
    expect(guess(50)).toEqual(['server:b holds secret:f (inferred)']);
  });

  it('does not read lines of another version of the file', () => {
    expect(join(5, { commit: 'c1' })).toEqual([]);
    expect(join(5, { commit: 'c1', present: true })).toEqual(['server:a holds secret:f (strong)']);
    expect(join(5, { repository: 'acme/other' })).toEqual([]);
  });
});

joinContract(
  secretHolders,
  joinInputOf({
    identities: [declared('ai_agent', 'agent', 1, 30), declared('mcp_server', 'server:a', 3, 9)],
    findings: [findingAt(5), findingAt(25)],
  }),
);
