import { describe, expect, it } from 'vitest';
import codeowners from '../../src/collectors/codeowners/index.ts';
import type { CollectContext, Collected } from '../../src/collectors/contract.ts';
import { correlate } from '../../src/correlate/correlate.ts';
import type { Artifact } from '../../src/model/artifact.ts';
import { collectorContract } from '../contract/collector-contract.ts';
import { inputOf, matchOf, place } from '../correlate/build.ts';

const CONTEXT: CollectContext = {
  now: new Date('2026-06-01T00:00:00Z'),
  env: {},
  cwd: '/',
  limits: {
    fileBytes: 1e6,
    decodedBytes: 1e6,
    decodeDepth: 1,
    decodeRatio: 1,
    archiveEntries: 1,
    declarationFiles: 100,
    requestTimeout: 1,
    pages: 1,
  },
  options: {},
  sleep: async () => {},
};

function files(texts: Readonly<Record<string, string>>): Artifact[] {
  return Object.entries(texts).map(([path, text]) => ({
    origin: { collector: 'files', path, repository: 'acme/app' },
    bytes: new TextEncoder().encode(text),
  }));
}

async function collect(texts: Readonly<Record<string, string>>): Promise<Collected[]> {
  const items: Collected[] = [];
  for await (const item of codeowners.collect(CONTEXT, files(texts))) items.push(item);
  return items;
}

async function rulesOf(texts: Readonly<Record<string, string>>): Promise<unknown> {
  const [item] = (await collect(texts)).filter((one) => one.kind === 'identity');
  return item?.kind === 'identity' ? item.identity.attributes['rules']?.value : undefined;
}

async function ownersOf(texts: Readonly<Record<string, string>>, path: string): Promise<string[]> {
  const identities = (await collect(texts)).flatMap((one) => (one.kind === 'identity' ? [one.identity] : []));
  const { groups } = correlate(inputOf({ identities, matches: [matchOf('acme-token', 'value', place(path, 1))] }));
  return (groups[0]?.owners ?? []).map((owner) => `${owner.kind} ${owner.name} (${owner.how})`);
}

const COMPONENT = 'apiVersion: backstage.io/v1alpha1\nkind: Component\nspec:\n  owner: ';

describe('codeowners', () => {
  it.each([
    ['CODEOWNERS', true],
    ['.github/CODEOWNERS', true],
    ['docs/CODEOWNERS', true],
    ['src/CODEOWNERS', false],
    ['catalog-info.yaml', true],
    ['services/pay/catalog-info.yaml', true],
    ['my-catalog-info.yaml', false],
  ])('accepts %s: %s', (path, accepted) => {
    expect(codeowners.accepts(path)).toBe(accepted);
  });

  it('reads patterns, owners and comments, and keeps no e-mail address', async () => {
    const text = '# all\n*  @acme/all kim@example.org  # inline\n\n/docs/a\\ b @lee\n/free\n';
    expect(await rulesOf({ CODEOWNERS: text })).toEqual([
      { pattern: '*', owners: ['@acme/all', 'user:kim'], source: 'CODEOWNERS' },
      { pattern: '/docs/a b', owners: ['@lee'], source: 'CODEOWNERS' },
      { pattern: '/free', owners: [], source: 'CODEOWNERS' },
    ]);
  });

  it("gives the owners of GitLab's sections to rules without any", async () => {
    const text = '^[Docs][2] @writers\n/docs/\n/api/ @kim\n[Other]\n/x/\n';
    expect(await rulesOf({ '.gitlab/CODEOWNERS': text })).toMatchObject([
      { pattern: '/docs/', owners: ['@writers'] },
      { pattern: '/api/', owners: ['@kim'] },
      { pattern: '/x/', owners: [] },
    ]);
  });

  it('reads the one file that counts', async () => {
    const texts = { CODEOWNERS: '* @root', '.github/CODEOWNERS': '* @github', 'docs/CODEOWNERS': '* @docs' };
    expect(await rulesOf(texts)).toMatchObject([{ owners: ['@github'] }]);
  });

  it('lets the last rule decide, and CODEOWNERS before a catalogue', async () => {
    const texts = {
      CODEOWNERS: '/src/ @acme/dev\n/src/free\n',
      'catalog-info.yaml': `${COMPONENT}platform\n`,
      'services/pay/catalog-info.yaml': `---\n${COMPONENT}user:default/kim\n---\nkind: API\n`,
    };
    expect(await ownersOf(texts, 'src/a.ts')).toEqual(['team acme/dev (CODEOWNERS)']);
    expect(await ownersOf(texts, 'src/free')).toEqual([]);
    expect(await ownersOf(texts, 'README.md')).toEqual(['team platform (catalog-info)']);
    expect(await ownersOf(texts, 'services/pay/main.ts')).toEqual(['person kim (catalog-info)']);
  });

  it('says what it cannot read, and goes on', async () => {
    const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c]\nspec: {owner: x}\n`;
    const items = await collect({ CODEOWNERS: '* @kim', 'catalog-info.yaml': 'a: [', 'x/catalog-info.yaml': bomb });
    const gaps = items.flatMap((item) => (item.kind === 'gap' ? [item.gap] : []));
    expect(gaps).toMatchObject([
      { reason: 'malformed', subject: 'catalog-info.yaml' },
      { subject: 'x/catalog-info.yaml' },
    ]);
    expect(await rulesOf({ CODEOWNERS: '* @kim', 'x/catalog-info.yaml': bomb })).toMatchObject([{ owners: ['@kim'] }]);
    const many = await collect({ CODEOWNERS: '* @kim\n'.repeat(5001) });
    expect(many.filter((item) => item.kind === 'gap')).toHaveLength(1);
  });

  it('gives nothing where nothing is', async () => {
    expect(await rulesOf({})).toBeUndefined();
    expect(await rulesOf({ 'catalog-info.yaml': 'spec: {owner: [1, 2]}\n' })).toEqual([]);
  });
});

collectorContract(codeowners, [
  {
    name: 'owners and a catalogue',
    context: () => CONTEXT,
    files: () =>
      files({ CODEOWNERS: '* @acme/all kim@example.org\n', 'a/catalog-info.yaml': `${COMPONENT}platform\n` }),
    secrets: ['example.org'],
    identities: 1,
  },
  { name: 'broken', context: () => CONTEXT, files: () => files({ 'catalog-info.yaml': 'a: [' }) },
]);
