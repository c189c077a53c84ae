import type { PrivilegeTier } from '../../model/identity.ts';
import type { PowerFamily } from '../contract.ts';

/** Verbs on resources of one API group that together mean one ability. */
export interface Ability {
  readonly family: PowerFamily;
  readonly verbs: readonly string[];
  readonly group: string;
  readonly resources: readonly string[];
  /** The tier of it in the whole cluster, in one namespace, and for named objects only. */
  readonly tiers: readonly [cluster: PrivilegeTier, namespace: PrivilegeTier, named: PrivilegeTier];
  /** True: the objects have no namespace, so only a binding for the whole cluster gives it. */
  readonly clusterOnly?: true;
  /** Names that are as good as all of them. */
  readonly decisive?: readonly string[];
  /** An action without which this one is worth tier 2 at most. */
  readonly needs?: string;
  /** True: it says nothing beyond named objects, so without names it is left out. */
  readonly namedOnly?: true;
}

const RBAC = 'rbac.authorization.k8s.io';
const CHANGE = ['create', 'update', 'patch'];
const EDIT = [...CHANGE, 'delete', 'deletecollection'];
const READ = ['get', 'list', 'watch'];
const ADMISSION = 'admissionregistration.k8s.io';
const CERTIFICATES = 'certificates.k8s.io';
const CLIENT_SIGNERS = ['kubernetes.io/*', 'kubernetes.io/kube-apiserver-client'];

/**
 * What is worth knowing of RBAC.
 * https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks
 */
export const ABILITIES: readonly Ability[] = [
  { family: 'escalation', verbs: ['escalate'], group: RBAC, resources: ['roles', 'clusterroles'], tiers: [0, 1, 1] },
  {
    family: 'escalation',
    verbs: ['bind'],
    group: RBAC,
    resources: ['roles', 'clusterroles'],
    tiers: [0, 1, 2],
    decisive: ['cluster-admin'],
  },
  {
    family: 'escalation',
    verbs: ['impersonate'],
    group: '',
    resources: ['users', 'groups'],
    tiers: [0, 0, 1],
    clusterOnly: true,
    decisive: ['system:masters'],
  },
  { family: 'escalation', verbs: ['impersonate'], group: '', resources: ['serviceaccounts'], tiers: [0, 2, 2] },
  {
    family: 'escalation',
    verbs: CHANGE,
    group: '',
    resources: ['pods', 'replicationcontrollers'],
    tiers: [0, 2, 2],
  },
  {
    family: 'escalation',
    verbs: CHANGE,
    group: 'apps',
    resources: ['deployments', 'daemonsets', 'statefulsets', 'replicasets'],
    tiers: [0, 2, 2],
  },
  { family: 'escalation', verbs: CHANGE, group: 'batch', resources: ['jobs', 'cronjobs'], tiers: [0, 2, 2] },
  {
    family: 'escalation',
    verbs: ['get', 'create'],
    group: '',
    resources: ['nodes/proxy'],
    tiers: [0, 0, 1],
    clusterOnly: true,
  },
  {
    family: 'escalation',
    verbs: ['create'],
    group: '',
    resources: ['persistentvolumes'],
    tiers: [0, 0, 2],
    clusterOnly: true,
  },
  {
    family: 'escalation',
    verbs: ['update', 'patch'],
    group: '',
    resources: ['configmaps'],
    tiers: [0, 0, 0],
    decisive: ['aws-auth'],
    namedOnly: true,
  },
  {
    family: 'escalation',
    verbs: ['update', 'patch'],
    group: CERTIFICATES,
    resources: ['certificatesigningrequests/approval'],
    tiers: [0, 0, 2],
    clusterOnly: true,
    needs: 'approve signers',
  },
  {
    family: 'escalation',
    verbs: ['approve'],
    group: CERTIFICATES,
    resources: ['signers'],
    tiers: [2, 2, 2],
    clusterOnly: true,
    decisive: CLIENT_SIGNERS,
  },
  {
    family: 'escalation',
    verbs: CHANGE,
    group: ADMISSION,
    resources: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations', 'mutatingadmissionpolicies'],
    tiers: [0, 0, 2],
    clusterOnly: true,
  },
  {
    family: 'escalation',
    verbs: CHANGE,
    group: 'apiregistration.k8s.io',
    resources: ['apiservices'],
    tiers: [0, 0, 2],
    clusterOnly: true,
  },
  {
    family: 'credential-exposure',
    verbs: ['create'],
    group: '',
    resources: ['serviceaccounts/token'],
    tiers: [0, 2, 2],
  },
  { family: 'credential-exposure', verbs: READ, group: '', resources: ['secrets'], tiers: [1, 2, 2] },
  {
    family: 'credential-exposure',
    verbs: ['create'],
    group: '',
    resources: ['secrets'],
    tiers: [0, 2, 2],
    needs: 'get secrets',
  },
  {
    family: 'lateral-movement',
    verbs: ['create', 'get'],
    group: '',
    resources: ['pods/exec', 'pods/attach'],
    tiers: [0, 2, 2],
  },
  {
    family: 'lateral-movement',
    verbs: ['update', 'patch'],
    group: '',
    resources: ['pods/ephemeralcontainers'],
    tiers: [0, 2, 2],
  },
  {
    family: 'lateral-movement',
    verbs: ['create', 'get'],
    group: '',
    resources: ['pods/portforward'],
    tiers: [1, 2, 2],
  },
  {
    family: 'lateral-movement',
    verbs: ['create', 'get'],
    group: '',
    resources: ['pods/proxy', 'services/proxy'],
    tiers: [2, 2, 2],
  },
  {
    family: 'lateral-movement',
    verbs: ['update', 'patch'],
    group: '',
    resources: ['services/status'],
    tiers: [2, 2, 3],
  },
  {
    family: 'lateral-movement',
    verbs: ['update', 'patch'],
    group: '',
    resources: ['nodes'],
    tiers: [1, 1, 2],
    clusterOnly: true,
  },
  {
    family: 'permission-management',
    verbs: EDIT,
    group: RBAC,
    resources: ['roles', 'rolebindings'],
    tiers: [1, 2, 2],
  },
  {
    family: 'permission-management',
    verbs: EDIT,
    group: RBAC,
    resources: ['clusterroles', 'clusterrolebindings'],
    tiers: [1, 1, 2],
    clusterOnly: true,
  },
  {
    family: 'permission-management',
    verbs: CHANGE,
    group: ADMISSION,
    resources: ['validatingadmissionpolicies', 'validatingadmissionpolicybindings'],
    tiers: [1, 1, 2],
    clusterOnly: true,
  },
  { family: 'data-exfiltration', verbs: ['get'], group: '', resources: ['pods/log'], tiers: [3, 3, 3] },
  { family: 'data-exfiltration', verbs: READ, group: '', resources: ['configmaps'], tiers: [3, 3, 3] },
];

/** A namespace whose pods and accounts run the cluster: who may act there, may act everywhere. */
export const SYSTEM_NAMESPACES: ReadonlySet<string> = new Set(['kube-system']);

/** Objects that everybody may write, because they say nothing about anybody else. By group, a slash and the kind. */
export const HARMLESS: ReadonlySet<string> = new Set([
  '/events',
  'events.k8s.io/events',
  'coordination.k8s.io/leases',
  'authentication.k8s.io/tokenreviews',
  'authentication.k8s.io/selfsubjectreviews',
  'authorization.k8s.io/subjectaccessreviews',
  'authorization.k8s.io/localsubjectaccessreviews',
  'authorization.k8s.io/selfsubjectaccessreviews',
  'authorization.k8s.io/selfsubjectrulesreviews',
]);
