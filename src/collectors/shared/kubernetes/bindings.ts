import { defined } from '../../../lib/fields/defined.ts';
import { mergeFields } from '../../../lib/fields/merge-fields.ts';
import type { Granted } from '../../../permissions/kubernetes/evaluate.ts';
import { byId, type Draft, setFacts } from '../identity-drafts.ts';
import { asList, asObject, asText } from '../loose.ts';
import { setAccess } from './access.ts';
import { makeAccountBook } from './accounts.ts';
import type { Graph } from './contract.ts';
import { displayName, type Manifest, manifestId, objectId } from './manifest.ts';
import { draftSubject, readSubject, type Subject } from './subjects.ts';

/** The role of a binding, as rules that a subject gets there. */
interface Bound extends Granted {
  readonly kind: string;
  readonly name: string;
}

const NOTHING = { rules: [], complete: false };

/** Adds bindings and who they name. Returns the ids of the roles that are bound. */
export function addBindings(graph: Graph): ReadonlySet<string> {
  const roles = new Set<string>();
  const bySubject = new Map<Draft, { readonly subject: Subject; readonly granted: Map<string, Granted> }>();
  const bindings = [...(graph.byKind.get('RoleBinding') ?? []), ...(graph.byKind.get('ClusterRoleBinding') ?? [])];
  for (const binding of bindings) {
    const bound = readBound(graph, binding);
    roles.add(
      objectId(binding.repository, bound.kind === 'ClusterRole' ? '*' : binding.namespace, bound.kind, bound.name),
    );
    const subjects = subjectsOf(graph, binding);
    if (subjects.length === 0) continue;
    const node = draftBinding(graph, binding, bound);
    for (const subject of subjects) {
      const draft = draftSubject(
        graph.drafts,
        binding.repository,
        subject,
        mergeFields(binding.evidence, { detail: true }),
      );
      graph.drafts.edge(draft.id, 'member-of', byId(node.id), binding.evidence);
      const entry = bySubject.get(draft) ?? { subject, granted: new Map() };
      bySubject.set(draft, entry);
      // Overlays write one binding several times.
      entry.granted.set(`${bound.where} ${bound.source.policy}`, bound);
    }
  }
  grantAll(graph, bySubject);
  return roles;
}

/** Subjects of a binding without those that the same binding has in every cluster. */
function subjectsOf({ builtIn }: Graph, binding: Manifest): readonly Subject[] {
  const namespace = binding.namespace === '*' ? '' : binding.namespace;
  const usual = builtIn.bindings.get(`${namespace}/${binding.name}`);
  const subjects = asList(binding.body['subjects']).flatMap((value) => readSubject(value, binding) ?? []);
  return subjects.filter((subject) => usual?.has(`${subject.kind} ${subject.namespace}:${subject.name}`) !== true);
}

function readBound({ book }: Graph, { kind, name, namespace, body, evidence }: Manifest): Bound {
  const reference = asObject(body['roleRef']);
  const [roleKind, role] = [asText(reference['kind']) ?? '', asText(reference['name']) ?? ''];
  const where = kind === 'ClusterRoleBinding' ? '*' : namespace;
  const rules = roleKind === 'ClusterRole' ? book.clusterRole(role) : book.role(where, role);
  const { source, location } = evidence;
  const policy = `${roleKind} ${role} by ${kind} ${displayName(namespace, name)}`;
  const from = { policy, source, ...defined({ location }) };
  return { role: rules ?? NOTHING, where, source: from, kind: roleKind, name: role };
}

function draftBinding(graph: Graph, binding: Manifest, bound: Bound): Draft {
  const { repository, namespace, name, evidence } = binding;
  const head = {
    id: manifestId(binding),
    type: 'k8s_role_binding',
    provider: 'kubernetes',
    name: displayName(namespace, name),
    account: repository,
  };
  const draft = graph.drafts.identity(head, evidence);
  if (draft.grants.length === 0) setAccess(draft, graph.evaluator, [bound], evidence.source);
  const role = objectId(repository, bound.kind === 'ClusterRole' ? '*' : namespace, bound.kind, bound.name);
  graph.drafts.edge(draft.id, 'uses', byId(role), evidence);
  return draft;
}

type BySubject = ReadonlyMap<Draft, { readonly subject: Subject; readonly granted: ReadonlyMap<string, Granted> }>;

/** A service account also has what the groups have to which it belongs by its name. */
function grantAll(graph: Graph, bySubject: BySubject): void {
  const groups = new Map<string, readonly Granted[]>();
  for (const { subject, granted } of bySubject.values()) {
    if (subject.kind === 'Group') groups.set(subject.name, [...granted.values()]);
  }
  const accounts = makeAccountBook(graph);
  for (const [draft, { subject, granted }] of bySubject) {
    const source = draft.evidence[0]?.source ?? '';
    const inherited =
      subject.kind === 'ServiceAccount' ? groupsOf(subject).flatMap((name) => groups.get(name) ?? []) : [];
    setAccess(draft, graph.evaluator, [...granted.values(), ...inherited], source);
    const { kind, namespace, name } = subject;
    const missing = kind === 'ServiceAccount' && accounts.knows(namespace) && !accounts.has(namespace, name);
    if (missing) setFacts(draft, { undeclared: true }, source);
  }
}

function groupsOf({ namespace }: Subject): readonly string[] {
  return ['system:authenticated', 'system:serviceaccounts', `system:serviceaccounts:${namespace}`];
}
