import { describe, expect, it } from 'vitest';
import githubAlerts from '../../../src/correlate/joins/github-alerts.ts';
import { joinContract } from '../../contract/join-contract.ts';
import { edgeLines, findingOf, identityOf, joinInputOf, place } from '../build.ts';

const BLOB = 'd90a372e6e43ebaaa769f92fa2baa2209fb96a84';

describe('github-alerts', () => {
  const alert = identityOf(
    'secret_scanning_alert',
    'github:alert:acme/app:4',
    { alertState: 'open', validity: 'active', publiclyLeaked: true },
    [{ kind: 'github-alert', value: `acme/app:.mcp.json:6:${BLOB}` }],
  );
  const run = (...locations: Parameters<typeof findingOf>[1]) =>
    githubAlerts.join(joinInputOf({ identities: [alert], findings: [findingOf('f1', locations)] }));

  it('proves by the blob, and takes path and line of the tree for likely', () => {
    const exact = run(place('.mcp.json', 6, { repository: 'Acme/App', blob: BLOB }));
    expect(edgeLines(exact.edges)).toEqual(['github:alert:acme/app:4 holds secret:f1 (proven)']);
    expect(edgeLines(run(place('.mcp.json', 6)).edges)).toEqual(['github:alert:acme/app:4 holds secret:f1 (strong)']);
  });

  it('tells the credential what only the alert knows', () => {
    const { attributes } = run(place('.mcp.json', 6));
    const facts = Object.entries(attributes.get('credential:f1') ?? {}).map(([name, { value }]) => [name, value]);
    expect(Object.fromEntries(facts)).toEqual({
      alertState: 'open',
      validity: 'active',
      publiclyLeaked: true,
      leakExposure: 'public',
    });
  });

  it('says nothing of another line, repository or version', () => {
    for (const location of [
      place('.mcp.json', 7),
      place('.mcp.json', 6, { repository: 'acme/other' }),
      place('.mcp.json', 6, { blob: BLOB.replace('d', 'e') }),
    ]) {
      expect(run(location).edges).toEqual([]);
    }
  });

  const token = identityOf('api_key', 'credential:f1');
  const findings = [findingOf('f1', [place('.mcp.json', 6)])];
  joinContract(githubAlerts, joinInputOf({ identities: [alert, token], findings }));
});
