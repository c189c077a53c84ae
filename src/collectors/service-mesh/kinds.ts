/** Words of the files that are read. */
export const MARKS: readonly string[] = [
  'spiffe_id',
  'ClusterSPIFFEID',
  'ClusterStaticEntry',
  'security.istio.io/',
  'policy.linkerd.io/',
];

/** Objects of Kubernetes that are read, with the group that each must have. */
export const GROUPS: Readonly<Record<string, RegExp>> = {
  AuthorizationPolicy: /^(?:security\.istio\.io|policy\.linkerd\.io)\//,
  ClusterSPIFFEID: /^spire\.spiffe\.io\//,
  ClusterStaticEntry: /^spire\.spiffe\.io\//,
  MeshTLSAuthentication: /^policy\.linkerd\.io\//,
  NetworkAuthentication: /^policy\.linkerd\.io\//,
  PeerAuthentication: /^security\.istio\.io\//,
  ServerAuthorization: /^policy\.linkerd\.io\//,
};
