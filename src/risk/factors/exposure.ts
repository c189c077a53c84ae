import type { Exposure } from '../../model/artifact.ts';
import type { Identity } from '../../model/identity.ts';
import { defineFactor, type RiskSubject } from '../contract.ts';
import { attributeOf, hasEntries } from '../shared/facts.ts';

interface Place {
  readonly code: string;
  readonly weight: number;
  readonly sentence: string;
  readonly best?: number;
  readonly worst?: number;
}

/** Weights of nhi.md 6.2; `local` is ours: one machine's users and its backups. */
const BY_EXPOSURE: Readonly<Record<Exposure, Place>> = {
  public: place('public', 1, 'Anyone on the internet can read the place.'),
  organisation: place('org', 0.7, 'The whole organisation can read the place.'),
  private: place('private', 0.55, 'Everyone with access to the private repository can read it.'),
  local: place('local', 0.25, 'It lies on one machine, readable by its users, programs and backups.'),
  unknown: { ...place('unk', 0.4, 'Who can read the place is not known.'), best: 0.25, worst: 1 },
};

const BY_STORAGE: Readonly<Record<string, Place>> = {
  ci_log: place('ci-log', 0.9, 'It stands in a CI log or build artifact.'),
  container_image: place('image', 0.9, 'It is part of a published image or package.'),
  chat: place('chat', 0.75, 'It was shared in a chat, ticket or wiki.'),
  encrypted_file: place('encrypted', 0.15, 'It is kept in an encrypted file.'),
  vault: place('vault', 0.1, 'It is kept in a vault.'),
};

const NO_STATIC = place('no-static', 0.05, 'There is no static secret to steal: access is federated or by instance.');
const NOBODY_SAID = { ...place('unk', 0.4, 'Where the credential is kept is not known.'), best: 0.05, worst: 1 };
const WITHOUT_SECRET = new Set(['federated_oidc', 'instance_identity']);
const STEP_PER_PLACE = 0.05;
const MOST_FOR_PLACES = 0.2;

/** E: who can get the credential, and in how many places. */
export default defineFactor({
  id: 'E',
  title: 'exposure: who can get the credential',
  exponent: 0.35,
  order: 1,
  evaluate(subject) {
    const place = placeOf(subject);
    const extra = Math.min(MOST_FOR_PLACES, Math.max(0, subject.places - 1) * STEP_PER_PLACE);
    const add = (weight: number): number => Math.min(1, weight + extra);
    const reused = extra > 0;
    return {
      id: 'E',
      code: reused ? `${place.code}+reuse` : place.code,
      weight: add(place.weight),
      best: add(place.best ?? place.weight),
      worst: add(place.worst ?? place.weight),
      sentence: reused ? `${place.sentence} The same credential is in ${subject.places} places.` : place.sentence,
    };
  },
});

function place(code: string, weight: number, sentence: string): Place {
  return { code, weight, sentence };
}

function placeOf(subject: RiskSubject): Place {
  if (subject.credential !== undefined || subject.identity === undefined) return BY_EXPOSURE[subject.exposure];
  const stated = subject.exposure === 'unknown' ? undefined : BY_EXPOSURE[subject.exposure];
  const leak = placeOfAttribute(subject.identity, 'leakExposure');
  return widest([stated, leak, identityPlace(subject.identity)].filter((place) => place !== undefined));
}

/** The first thing known wins; an open trust policy is worse than any place. */
function identityPlace(identity: Identity): Place {
  return (
    openTrust(identity) ??
    BY_STORAGE[String(attributeOf(identity, 'storage'))] ??
    writtenInFile(identity) ??
    ciSecret(identity) ??
    placeOfAttribute(identity, 'exposure') ??
    workflow(identity) ??
    heldElsewhere(identity) ??
    withoutSecret(identity) ??
    NOBODY_SAID
  );
}

function openTrust(identity: Identity): Place | undefined {
  const is = (name: string): boolean => attributeOf(identity, name) === true;
  if (is('trustsAnyPrincipal')) return place('any-principal', 1, 'Its trust policy lets anyone take it.');
  if (is('oidcWithoutSubject')) return place('any-subject', 1, 'Any workload of the identity provider can take it.');
  if (is('oidcSubjectWildcard')) return place('wide-subject', 0.7, 'Many repositories or branches can take it.');
  if (hasEntries(attributeOf(identity, 'trustsExternalAccounts'))) {
    return place('third-party', 0.45, 'Another account can take it.');
  }
  if (!is('checksOutPullRequestHead')) return undefined;
  if (attributeOf(identity, 'exposure') === 'public') return place('public', 1, 'Anyone can run code beside it.');
  return place('pull-request', 0.7, 'Whoever opens a pull request can run code beside it.');
}

function placeOfAttribute(identity: Identity, name: string): Place | undefined {
  const exposure = attributeOf(identity, name);
  if (typeof exposure !== 'string' || !Object.hasOwn(BY_EXPOSURE, exposure)) return undefined;
  return exposure === 'unknown' ? undefined : BY_EXPOSURE[exposure as Exposure];
}

/** The credential stands in the file that declares the identity: whoever reads the file has it. */
function writtenInFile(identity: Identity): Place | undefined {
  const inFile = attributeOf(identity, 'storage') === 'plaintext_file' || attributeOf(identity, 'literalData') === true;
  if (!inFile && !hasEntries(attributeOf(identity, 'literalSecrets'))) return undefined;
  return placeOfAttribute(identity, 'declaredExposure') ?? BY_EXPOSURE.unknown;
}

/** The token of a run and the secrets it gets are in reach of whoever can change what runs. */
function workflow(identity: Identity): Place | undefined {
  if (identity.type !== 'workflow' && identity.type !== 'workflow_job') return undefined;
  return place('ci-repo', 0.25, 'Whoever can change the workflow, or what it runs, gets what it has.');
}

function ciSecret(identity: Identity): Place | undefined {
  if (attributeOf(identity, 'storage') !== 'ci_secret' && identity.type !== 'actions_secret') return undefined;
  const level = attributeOf(identity, 'level');
  if (level === 'organisation') return organisationSecret(identity);
  if (level === 'environment' && attributeOf(identity, 'environmentProtected') === true) {
    return place('ci-environment', 0.15, 'It is a CI secret of a protected environment.');
  }
  if (level !== undefined) return place('ci-repo', 0.25, 'Every workflow of one repository can read this CI secret.');
  return { ...place('ci', 0.25, 'It is a CI secret; who can use it is not known.'), best: 0.15, worst: 0.35 };
}

function organisationSecret(identity: Identity): Place {
  if (attributeOf(identity, 'visibility') === 'selected') {
    return place('ci-selected', 0.25, 'Workflows of selected repositories can read this CI secret.');
  }
  return place('ci-org', 0.35, 'Workflows of all repositories of the organisation can read this CI secret.');
}

function heldElsewhere(identity: Identity): Place | undefined {
  const vendor = attributeOf(identity, 'thirdParty');
  if (typeof vendor === 'string') return place('third-party', 0.45, `A third party (${vendor}) holds the credential.`);
  if (identity.type !== 'github_app_installation' || vendor === false) return undefined;
  return place('third-party', 0.45, 'The owner of the app holds the credential.');
}

function withoutSecret(identity: Identity): Place | undefined {
  const method = attributeOf(identity, 'authMethod');
  if (typeof method === 'string' && WITHOUT_SECRET.has(method)) return NO_STATIC;
  return identity.type === 'iam_role' || identity.type === 'oidc_provider' ? NO_STATIC : undefined;
}

function widest(places: readonly Place[]): Place {
  let best = places[0] ?? NOBODY_SAID;
  for (const place of places) if (place.weight > best.weight) best = place;
  return best;
}
