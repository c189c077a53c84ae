import type { CollectContext, Collected, DeclarationCollector } from '../../src/collectors/contract.ts';
import type { Artifact } from '../../src/model/artifact.ts';
import type { Identity, PendingEdge } from '../../src/model/identity.ts';
import type { CollectorCase } from '../contract/collector-contract.ts';

/** What a declaration collector made of some files. */
export interface Declared {
  readonly identities: readonly Identity[];
  readonly edges: readonly PendingEdge[];
  readonly gaps: readonly string[];
  readonly skips: readonly string[];
  /** An identity by its name; fails the test when there is none. */
  named(name: string): Identity;
  /** Attribute values of an identity. */
  facts(name: string): Readonly<Record<string, unknown>>;
}

const LIMITS = {
  fileBytes: 1e8,
  decodedBytes: 1e8,
  decodeDepth: 4,
  decodeRatio: 200,
  archiveEntries: 1000,
  declarationFiles: 1000,
  requestTimeout: 1000,
  pages: 10,
};

const CONTEXT: CollectContext = {
  now: new Date('2026-11-01T00:00:00Z'),
  env: {},
  cwd: '/',
  limits: LIMITS,
  options: {},
  sleep: () => Promise.resolve(),
};

/** Files of one repository as artifacts. */
function artifactsOf(files: Readonly<Record<string, string>>): Artifact[] {
  return Object.entries(files).map(([path, text]) => {
    const origin = { collector: 'files', path, repository: 'acme/shop', present: true };
    return { origin, bytes: Buffer.from(text) };
  });
}

/** A case of the contract suite with files of one repository. */
export function declaredCase(
  name: string,
  files: Readonly<Record<string, string>>,
  more: Pick<CollectorCase, 'identities' | 'secrets'> = {},
): CollectorCase {
  return { name, context: () => CONTEXT, files: () => artifactsOf(files), ...more };
}

/** Runs a declaration collector over files of one repository, as the pipeline does. */
export async function declare(
  collector: DeclarationCollector,
  files: Readonly<Record<string, string>>,
): Promise<Declared> {
  const accepted = artifactsOf(files).filter(
    (one) => collector.accepts(one.origin.path) && collector.sniff?.(one.bytes, one.origin.path) !== false,
  );
  const items: Collected[] = [];
  for await (const item of collector.collect(CONTEXT, accepted)) items.push(item);
  const identities = items.flatMap((item) => (item.kind === 'identity' ? [item.identity] : []));
  const named = (name: string): Identity => {
    const found = identities.find((identity) => identity.name === name);
    if (found === undefined)
      throw new Error(`no identity "${name}" among ${identities.map((one) => one.name).join(', ')}`);
    return found;
  };
  return {
    identities,
    edges: items.flatMap((item) => (item.kind === 'edge' ? [item.edge] : [])),
    gaps: items.flatMap((item) => (item.kind === 'gap' ? [item.gap.message] : [])),
    skips: items.flatMap((item) => (item.kind === 'skip' ? [item.skip.subject] : [])),
    named,
    facts: (name) => Object.fromEntries(Object.entries(named(name).attributes).map(([key, one]) => [key, one.value])),
  };
}
