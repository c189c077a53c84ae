import type { Identity } from '../../model/identity.ts';
import { kindOfType } from '../../model/identity-kinds.ts';
import { describe } from '../shared/cite.ts';
import { type Crossed, type Crossing, type CrossingInput, note } from './contract.ts';

/** Ids of identities that only infrastructure code tells of: system, repository and the folder of a module. */
const DECLARED = /^((?:terraform|cloudformation):[^:]*:)(.*)$/s;
/** AWS makes these itself, and nobody declares them. */
const OWN_OF_PROVIDER = /(?::role\/aws-(?:service-role|reserved)\/|:root$)/;

/**
 * Identities that exist and that no code declares, and declared ones that do not exist, where code and account are
 * known to belong together: one identity at least is in both.
 */
export const findDrift: Crossing = (input) => {
  const crossed: Crossed = new Map();
  const pairs = pairsOf(input);
  if (pairs.length === 0) return crossed;
  const accounts = new Map(pairs.map((pair) => [kindKey(pair.live), pair]));
  const scopes = new Map(pairs.map((pair) => [`${pair.live.type}\n${pair.scope}`, pair]));
  const targets = new Set<string>(pairs.map(({ live }) => live.id));
  const names = new Set(input.identities.filter(({ id }) => !DECLARED.test(id)).map(nameKey));
  for (const identity of input.identities) {
    if (kindOfType(identity.type) === 'support' || kindOfType(identity.type) === 'consumer') continue;
    const scope = scopeOf(identity.id);
    const known = scope === undefined ? accounts.get(kindKey(identity)) : scopes.get(`${identity.type}\n${scope}`);
    if (known === undefined || targets.has(identity.id)) continue;
    if (scope !== undefined && !names.has(nameKey(identity))) {
      note(crossed, identity.id, {
        declaredOnly: [`${known.live.account ?? ''} has ${describe(known.live)} but not it`],
      });
    }
    if (scope === undefined && isUndeclared(identity)) {
      note(crossed, identity.id, { undeclaredBeside: [describe(known.live)] });
    }
  }
  return crossed;
};

/** A live identity, and where code declares it. */
interface Pair {
  readonly live: Identity;
  readonly scope: string;
}

function pairsOf({ declared, byId }: CrossingInput): readonly Pair[] {
  return [...declared].flatMap(([code, id]) => {
    const live = byId.get(id);
    const scope = scopeOf(code);
    return live === undefined || scope === undefined ? [] : [{ live, scope }];
  });
}

/** `terraform:<repository>:<folder/>` of a declared id. */
function scopeOf(id: string): string | undefined {
  const [, head, rest] = DECLARED.exec(id) ?? [];
  if (head === undefined || rest === undefined) return undefined;
  return `${head}${rest.slice(0, rest.lastIndexOf('/') + 1)}`;
}

function kindKey({ type, provider, account }: Identity): string {
  return `${type}\n${provider}\n${account ?? ''}`;
}

function nameKey({ type, provider, name }: Identity): string {
  return `${type}\n${provider}\n${name}`;
}

/** No file names it, and it is none that the provider makes itself. */
function isUndeclared({ id, evidence }: Identity): boolean {
  return !OWN_OF_PROVIDER.test(id) && evidence.every(({ location }) => location === undefined);
}
