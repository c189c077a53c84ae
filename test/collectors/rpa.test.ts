import { describe, expect, it } from 'vitest';
import collector from '../../src/collectors/rpa/index.ts';
import { collectorContract } from '../contract/collector-contract.ts';
import { declare, declaredCase } from './declared.ts';
import { firedRules } from './shared/fired-rules.ts';

const PROJECT = JSON.stringify(
  {
    name: 'Invoices',
    projectVersion: '1.0.4',
    schemaVersion: '4.0',
    studioVersion: '24.10.1',
    main: 'Main.xaml',
    dependencies: { 'UiPath.System.Activities': '[24.10.3]' },
    runtimeOptions: { isAttended: false },
  },
  null,
  2,
);
const WORKFLOW = `<Activity>
  <Sequence>
    <ui:GetRobotCredential AssetName="Erp_Login" DisplayName="Get Credential" />
    <ui:GetRobotAsset AssetName="[assetName]" />
  </Sequence>
</Activity>
`;
const FLOW = JSON.stringify({
  properties: {
    displayName: 'Approve order',
    connectionReferences: {
      shared_sql: {
        runtimeSource: 'embedded',
        connection: { connectionReferenceLogicalName: 'acme_sql' },
        api: { name: 'shared_sql' },
      },
      shared_office365: { runtimeSource: 'invoker', api: { name: 'shared_office365' } },
    },
    definition: {
      $schema:
        'https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#',
      triggers: { manual: { type: 'Request', kind: 'Http', inputs: { triggerAuthenticationType: 'All' } } },
    },
  },
});
const FILES = {
  'robots/invoices/project.json': PROJECT,
  'robots/invoices/Main.xaml': WORKFLOW,
  'solution/Workflows/Approve-1.json': FLOW,
};

describe('rpa', () => {
  it.each([
    ['project.json', true],
    ['robots/Main.xaml', true],
    ['solution/Workflows/a.json', true],
    ['package.json', false],
  ])('accepts %s: %s', (path, accepted) => {
    expect(collector.accepts(path)).toBe(accepted);
  });

  it('reads robots, and the logins that they take', async () => {
    const { identities, facts, edges, gaps } = await declare(collector, FILES);
    expect(gaps).toEqual([]);
    expect(identities.map(({ type, name }) => [type, name])).toEqual([
      ['rpa_bot', 'Invoices'],
      ['rpa_bot', 'Approve order'],
      ['rpa_asset', 'shared_sql acme_sql'],
      ['rpa_asset', 'shared_office365 shared_office365'],
      ['rpa_asset', 'Erp_Login'],
    ]);
    expect(facts('Invoices')).toEqual({ humanUse: false });
    expect(facts('Approve order')).toEqual({ publicAccess: true });
    expect(facts('Erp_Login')).toEqual({ storage: 'vault' });
    expect(edges.map(({ from, kind, toKey }) => `${from} ${kind} ${toKey.value}`)).toEqual([
      'rpa:acme/shop:solution/Workflows/Approve-1.json uses power-automate:connection:acme/shop:acme_sql',
      'rpa:acme/shop:solution/Workflows/Approve-1.json uses power-automate:connection:acme/shop:shared_office365',
      'rpa:acme/shop:robots/invoices/project.json uses uipath:asset:acme/shop:Erp_Login',
    ]);
  });

  it('is silent about projects and windows of other programs', async () => {
    const other = {
      'project.json': '{"version": "1.0", "dependencies": {"Newtonsoft.Json": "1"}, "studioVersion": 1}',
      'App.xaml': '<Window><ui:GetRobotAsset AssetName="x" /></Window>',
      'workflows/a.json': '{"properties": {"connectionReferences": {}}}',
    };
    expect((await declare(collector, other)).identities).toEqual([]);
  });

  it('fires rules about them', async () => {
    expect(await firedRules(collector, FILES)).toEqual([
      'flow-started-by-anyone: Approve order',
      'flow-with-makers-login: shared_sql acme_sql',
    ]);
    const good = FLOW.replace('"All"', '"Tenant"').replace('embedded', 'invoker');
    expect(await firedRules(collector, { 'workflows/a.json': good })).toEqual([]);
  });
});

collectorContract(collector, [
  declaredCase('a project and a flow', FILES, { identities: 5 }),
  declaredCase('broken', {
    'project.json': '{"studioVersion": "1", "dependencies": {',
    'a/project.json': '{"studioVersion": "1", "dependencies": {"UiPath.X": 1}, "name": [1]}',
    'a/Main.xaml': '<ui:GetRobotCredential AssetName="',
    'workflows/b.json':
      '{"properties": {"connectionReferences": [1], "definition": {"$schema": "Microsoft.Logic", "triggers": [1]}}}',
  }),
]);
