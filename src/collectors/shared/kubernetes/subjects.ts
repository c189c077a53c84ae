import type { Evidence } from '../../../model/identity.ts';
import { addKey, type Draft, type Drafts, setFacts } from '../identity-drafts.ts';
import { asObject, asText } from '../loose.ts';
import { displayName, knownText, type Manifest, objectId } from './manifest.ts';

const ACCOUNT_USER = /^system:serviceaccount:([^:]+):([^:]+)$/;
const EVERYBODY = /^system:(?:anonymous|unauthenticated|authenticated|serviceaccounts(?::.+)?)$/;
const UNKNOWN_CALLERS = new Set(['system:anonymous', 'system:unauthenticated']);

/** Who a binding names. */
export interface Subject {
  readonly kind: 'ServiceAccount' | 'User' | 'Group';
  readonly name: string;
  /** Empty for users and groups, and where nothing names the namespace. */
  readonly namespace: string;
}

/** Reads a subject. A user whose name is that of a service account is this account. */
export function readSubject(value: unknown, binding: Manifest): Subject | undefined {
  const subject = asObject(value);
  const kind = asText(subject['kind']);
  const name = asText(subject['name']) ?? '';
  if (name === '') return undefined;
  if (kind === 'ServiceAccount') {
    const own = binding.namespace === '*' ? '' : binding.namespace;
    return { kind, name, namespace: subject['namespace'] === undefined ? own : knownText(subject['namespace']) };
  }
  const [, namespace, account] = kind === 'User' ? (ACCOUNT_USER.exec(name) ?? []) : [];
  if (namespace !== undefined && account !== undefined) {
    return { kind: 'ServiceAccount', name: account, namespace: knownText(namespace) };
  }
  return kind === 'User' || kind === 'Group' ? { kind, name, namespace: '' } : undefined;
}

/** Makes the draft of a subject. */
export function draftSubject(drafts: Drafts, repository: string, subject: Subject, evidence: Evidence): Draft {
  const { kind, name, namespace } = subject;
  if (kind === 'ServiceAccount') return draftAccount(drafts, repository, namespace, name, evidence);
  const type = kind === 'User' ? 'k8s_user' : 'k8s_group';
  const head = { id: objectId(repository, '*', kind, name), type, provider: 'kubernetes', name, account: repository };
  const draft = drafts.identity(head, evidence);
  const everybody = EVERYBODY.test(name);
  const facts = { subjectGroup: everybody ? name : undefined, publicAccess: UNKNOWN_CALLERS.has(name) };
  setFacts(draft, facts, evidence.source);
  return draft;
}

/** Makes the draft of a service account. */
export function draftAccount(
  drafts: Drafts,
  repository: string,
  namespace: string,
  name: string,
  evidence: Evidence,
): Draft {
  const head = {
    id: objectId(repository, namespace, 'ServiceAccount', name),
    type: 'k8s_service_account',
    provider: 'kubernetes',
    name: displayName(namespace, name),
    account: repository,
  };
  const draft = drafts.identity(head, evidence);
  addKey(draft, 'kubernetes-service-account', `${namespace}:${name}`);
  setFacts(draft, { isDefault: name === 'default', authMethod: 'federated_oidc' }, evidence.source);
  return draft;
}
